import type { Database } from '../database';
import { isFactoryError } from '../errors';
import { escape } from '../pages';
import { TEMPLATE_TEXT_SHOWN } from './defaults';
import type { OnboardingLanguage } from './fields';
import {
	firstMessageLine,
	maySend,
	offeredTemplates,
	readFirstMessage,
	sendFirstMessage,
	type FirstMessageState,
	type OfferedTemplate,
} from './first-message';
import { beside, fieldsJson, hidden, type FormIssue, type FormPage } from './forms';
import { LIVE_WORDS, type LiveWords } from './live-words';
import { PAGE_WORDS } from './page-words';
import { setupReport, type SetupReport } from './report';
import { codeOf, readOnboarding, type Onboarding, type OnboardingRef } from './store';

/** The page after the client's yes: is it live, what is met, and the first message with what became of it. */
export const LIVE_PAGE = 'live';

interface Shown {
	onboarding: Onboarding;
	report: SetupReport;
	first: FirstMessageState | null;
	templates: OfferedTemplate[];
}

type Values = Record<string, unknown>;
const text = (value: unknown): string => (typeof value === 'string' ? value.trim() : '');
const optionOf = ({ name, language }: OfferedTemplate): string => `${name} (${language})`;

function statusHtml({ onboarding, report, first }: Shown, language: OnboardingLanguage): string {
	const [words, page] = [LIVE_WORDS[language], PAGE_WORDS[language]];
	const head = onboarding.state === 'active' ? words.live(onboarding.approvedBy ?? '') : words.notLive;
	const items = report.items.map(
		({ item, met }) =>
			`<li>${escape(`${met ? '✓' : '○'} ${page.reportItems[item]}${met ? '' : `: ${page.notYet}`}`)}</li>`,
	);
	return `<p>${escape(head)}</p><p><strong>${escape(words.items(report.itemsMet))}</strong></p><ul>${items.join('')}</ul><p><strong>${escape(firstMessageLine(first, language))}</strong></p>`;
}

function sendFields({ onboarding, templates }: Shown, words: LiveWords, typed: Values): Array<Record<string, unknown>> {
	const field = (fieldName: string, fieldLabel: string, more: object = {}): Record<string, unknown> => ({
		...{ fieldName, fieldLabel, fieldType: 'text', defaultValue: text(typed[fieldName]) },
		...more,
	});
	const choice = (fieldName: string, label: string, options: readonly string[]) =>
		field(fieldName, label, {
			fieldType: 'dropdown',
			fieldOptions: { values: options.map((option) => ({ option })) },
		});
	const agent = onboarding.spec?.identity.name ?? '';
	const list = templates.map((template) => `${optionOf(template)}: ${template.content.slice(0, TEMPLATE_TEXT_SHOWN)}`);
	const offered =
		templates.length === 0
			? [{ ...hidden('noTemplates', ''), fieldType: 'html', html: `<p>${escape(words.noTemplates)}</p>` }]
			: [
					choice('template', words.template, templates.map(optionOf)),
					{
						...hidden('templateTexts', ''),
						fieldType: 'html',
						html: `<ul>${list.map((line) => `<li>${escape(line)}</li>`).join('')}</ul>`,
					},
					field('values', words.values, { fieldType: 'textarea', placeholder: words.valuesHint }),
				];
	return [
		field('phone', words.phone, { placeholder: words.phoneHint }),
		field('contactName', words.name),
		choice('consent', words.consent, [words.consented]),
		field('text', words.text, {
			fieldType: 'textarea',
			defaultValue: text(typed.text) || words.textDefault(agent, onboarding.business),
		}),
		...offered,
	];
}

/** The page as it stands now, with what was typed where something is wrong with it. */
export async function livePage(
	database: Database,
	ref: OnboardingRef,
	person: string,
	issues: readonly FormIssue[] = [],
	typed: Values = {},
): Promise<{ onboarding: Onboarding; form: FormPage }> {
	const onboarding = await readOnboarding(database, ref);
	const [report, first] = [await setupReport(database, ref), await readFirstMessage(database, ref)];
	const templates = await offeredTemplates(database, ref.tenantId);
	const shown = { onboarding, report, first, templates };
	const { language } = onboarding;
	const words = LIVE_WORDS[language];
	const canSend = onboarding.state === 'active' && maySend(first);
	const fields = canSend ? sendFields(shown, words, typed) : [];
	const choices = canSend ? (['send', 'look', 'finish'] as const) : (['look', 'finish'] as const);
	const next = {
		...{ fieldName: 'next', fieldLabel: words.next, fieldType: 'dropdown', defaultValue: words.choices[choices[0]] },
		fieldOptions: { values: choices.map((choice) => ({ option: words.choices[choice] })) },
	};
	const known = new Set(fields.map(({ fieldName }) => fieldName));
	const form = {
		page: LIVE_PAGE,
		title: words.title,
		description: escape(`${onboarding.business} · ${codeOf(ref)}`),
		button: words.button,
		fields: fieldsJson([
			{ fieldType: 'html', fieldName: 'status', fieldLabel: 'status', html: statusHtml(shown, language) },
			...issues.filter(({ field }) => !known.has(field)).map(({ field, message }) => beside(field, message)),
			...fields.flatMap((field) => [
				field,
				...issues.filter((issue) => issue.field === field.fieldName).map((issue) => beside(issue.field, issue.message)),
			]),
			next,
			...[hidden('page', LIVE_PAGE), hidden('code', codeOf(ref)), hidden('language', language)],
			hidden('person', person),
		]),
	} satisfies FormPage;
	return { onboarding, form };
}

export type LiveChoice = 'send' | 'look' | 'finish';

const choiceOf = (value: unknown): LiveChoice =>
	(['send', 'look', 'finish'] as const).find((choice) =>
		Object.values(LIVE_WORDS).some(({ choices }) => choices[choice] === value),
	) ?? 'look';

/** Does what was chosen; what keeps the message from going stands beside the field. */
export async function actOnLivePage(
	database: Database,
	ref: OnboardingRef,
	values: Values,
	actor: string,
): Promise<{ choice: LiveChoice; issues: FormIssue[] }> {
	const choice = choiceOf(values.next);
	if (choice !== 'send') return { choice, issues: [] };
	const { language } = await readOnboarding(database, ref);
	const words = LIVE_WORDS[language];
	const templates = await offeredTemplates(database, ref.tenantId);
	const lines = text(values.values)
		.split(/\r?\n/)
		.filter((line) => line.trim() !== '');
	const picked = templates.find((template) => optionOf(template) === text(values.template));
	// Left out, the text would go instead of the template that was meant.
	if (text(values.template) !== '' && !picked) {
		const field = templates.length > 0 ? 'template' : 'noTemplates';
		return { choice, issues: [{ field, message: words.templateGone }] };
	}
	const message = {
		...{ phone: text(values.phone), name: text(values.contactName) || null, text: text(values.text) },
		templateId: picked?.id ?? null,
		parameters: lines.length > 0 ? lines : undefined,
		hasConsented: Object.values(LIVE_WORDS).some(({ consented }) => consented === text(values.consent)),
	};
	try {
		const result = await sendFirstMessage(database, ref, message, actor);
		if (result.sent) return { choice, issues: [] };
		const issue = {
			window_closed: { field: templates.length > 0 ? 'template' : 'noTemplates', message: words.windowClosed },
			no_consent: { field: 'consent', message: words.consentMissing },
			opted_out: { field: 'phone', message: words.optedOut },
		}[result.reason];
		return { choice, issues: [issue] };
	} catch (error) {
		if (!isFactoryError(error) || error.retryable) throw error;
		const said = words.templateWrong[error.code];
		if (said) return { choice, issues: [{ field: 'values', message: `${said} (${error.message})` }] };
		if (error.item === 'phone') return { choice, issues: [{ field: 'phone', message: words.phoneWrong }] };
		if (error.code === 'NOT_FOUND') return { choice, issues: [{ field: 'phone', message: words.noNumber }] };
		return { choice, issues: [{ field: 'next', message: error.message }] };
	}
}
