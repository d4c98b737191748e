import type { Database } from '../database';
import { escape } from '../pages';
import { OVERRIDE_MAX_CHARACTERS, PERSON_MAX_CHARACTERS } from './defaults';
import { PAGES, PAGE_TITLES, inLanguage, type OnboardingLanguage, type PageName } from './fields';
import { fieldsJson, hidden, type FormIssue, type FormPage, type PageContent } from './forms';
import { PAGE_WORDS } from './page-words';
import { overrideTest } from './run-test';
import { readOnboarding, type Onboarding, type OnboardingRef } from './store';
import type { ShowPage, SubmittedPage, WizardStep } from './wizard';
import { WORDS } from './words';

interface ReviewWords {
	title: string;
	person: string;
	reason: string;
	back: string;
	send: string;
	failed: string;
}

const REVIEW: Record<OnboardingLanguage, ReviewWords> = {
	'pt-BR': {
		title: '9. Conversa de teste',
		person: 'Quem aprova pelo cliente (nome)',
		reason: 'Seguir mesmo com itens que não passaram? Por quê?',
		back: 'Voltar e corrigir',
		send: 'Criar link de aprovação',
		failed: 'Há itens que não passaram: volte e corrija, ou diga por que segue assim.',
	},
	en: {
		title: '9. Test conversation',
		person: 'Who approves for the client (name)',
		reason: 'Go on although items failed? Why?',
		back: 'Go back and correct',
		send: 'Create the approval link',
		failed: 'Some items failed: go back and correct, or say why you go on.',
	},
};

/** n8n's form shows simple HTML only: a list, and what was said as quoted lines. */
function resultHtml({ testResult }: Onboarding, language: OnboardingLanguage): string {
	const words = PAGE_WORDS[language];
	return (testResult?.items ?? [])
		.map(({ item, passed, why, transcript }) => {
			const lines = transcript.map(
				({ who, text }) => `<br><em>${escape(who === 'agent' ? words.agent : words.customer)}:</em> ${escape(text)}`,
			);
			const verdict = passed ? `✓ ${words.passed}` : `✗ ${words.failed} (${why})`;
			return `<p><strong>${escape(words.items[item])}: ${escape(verdict)}</strong>${lines.join('')}</p>`;
		})
		.join('');
}

/** The last page: what was said in the test, who approves, and a way back. */
export function reviewPage(onboarding: Onboarding, { code, answers, issues, language, person }: PageContent): FormPage {
	const words = REVIEW[language];
	const beside = (field: string): Array<Record<string, unknown>> =>
		issues
			.filter((issue) => issue.field === field)
			.map(({ message }) => ({
				fieldType: 'html',
				fieldName: `wrong_${field}`,
				fieldLabel: `wrong_${field}`,
				html: `<p><strong>⚠ ${escape(message)}</strong></p>`,
			}));
	const back = { fieldOptions: { values: PAGES.map((page) => ({ option: inLanguage(PAGE_TITLES[page], language) })) } };
	const typed = (field: string): { defaultValue: string } => ({
		defaultValue: typeof answers[field] === 'string' ? answers[field] : '',
	});
	return {
		page: 'review',
		title: words.title,
		description: WORDS[language].resume(escape(code)),
		button: words.send,
		fields: fieldsJson([
			{ fieldType: 'html', fieldName: 'result', fieldLabel: 'result', html: resultHtml(onboarding, language) },
			{ fieldName: 'clientPerson', fieldLabel: words.person, fieldType: 'text', ...typed('clientPerson') },
			...beside('clientPerson'),
			...(onboarding.testPassed
				? []
				: [
						{
							fieldName: 'overrideReason',
							fieldLabel: words.reason,
							fieldType: 'textarea',
							...typed('overrideReason'),
						},
						...beside('overrideReason'),
					]),
			{ fieldName: 'goBack', fieldLabel: words.back, fieldType: 'dropdown', ...back },
			...[hidden('page', 'review'), hidden('code', code), hidden('language', language), hidden('person', person)],
		]),
	};
}

const pageOf = (title: string): PageName | undefined =>
	PAGES.find((page) => (PAGE_TITLES[page] as readonly string[]).includes(title));

/** Back to a page, on with a reason, or on. */
export async function saveReview(
	database: Database,
	ref: OnboardingRef,
	submitted: SubmittedPage,
	show: ShowPage,
): Promise<WizardStep> {
	const { values, language, person } = submitted;
	const [back, clientPerson, reason] = ['goBack', 'clientPerson', 'overrideReason'].map((key) =>
		typeof values[key] === 'string' ? values[key].trim() : '',
	);
	const onboarding = await readOnboarding(database, ref);
	const page = pageOf(back);
	if (page) return show(onboarding, page, submitted, [], onboarding.answers);
	const issues: FormIssue[] = [];
	if (clientPerson === '') issues.push({ field: 'clientPerson', message: WORDS[language].required });
	if (clientPerson.length > PERSON_MAX_CHARACTERS)
		issues.push({ field: 'clientPerson', message: WORDS[language].tooLong(PERSON_MAX_CHARACTERS) });
	const blocked = onboarding.testPassed === false && onboarding.testOverride === null;
	if (blocked && reason === '') issues.push({ field: 'overrideReason', message: REVIEW[language].failed });
	if (reason.length > OVERRIDE_MAX_CHARACTERS)
		issues.push({ field: 'overrideReason', message: WORDS[language].tooLong(OVERRIDE_MAX_CHARACTERS) });
	if (issues.length > 0) return show(onboarding, 'review', submitted, issues, values);
	if (blocked) await overrideTest(database, ref, person, reason);
	return { ...show(onboarding, 'review', submitted, [], values), step: 'send', clientPerson, form: null };
}
