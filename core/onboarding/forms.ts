import { escape } from '../pages';
import type { AnswerIssue, Answers } from './answers';
import { fieldsOf, inLanguage, PAGE_TITLES, PAGES, type Field, type OnboardingLanguage, type PageName } from './fields';
import { WORDS } from './words';

/** A page of the form, as n8n's Form node takes it. */
export interface FormPage {
	page: PageName | 'start' | 'review' | 'live';
	title: string;
	/** HTML that the form node shows over the fields. */
	description: string;
	button: string;
	/** The fields as JSON text. */
	fields: string;
}

export type FormIssue = Pick<AnswerIssue, 'field' | 'message'>;

export interface PageContent {
	code: string;
	answers: Answers;
	issues: readonly FormIssue[];
	/** Titles that are kept already. */
	documents?: readonly string[];
	language: OnboardingLanguage;
	person: string;
}

export const firstPage = (): PageName => PAGES[0];
export const nextPage = (page: PageName): PageName | null => PAGES[PAGES.indexOf(page) + 1] ?? null;

type FormField = Record<string, unknown>;

/** n8n puts the text into its own by a replace that knows $ signs, and takes angle brackets for markup. */
export const fieldsJson = (fields: FormField[]): string => JSON.stringify(fields).replaceAll('$', '\\u0024');

/** What n8n made of angle brackets in a field that it showed again. */
export const asTyped = (value: unknown): unknown =>
	typeof value === 'string' ? value.replaceAll('&lt;', '<').replaceAll('&gt;', '>') : value;

export const beside = (field: string, message: string): FormField => ({
	fieldType: 'html',
	fieldName: `wrong_${field}`,
	fieldLabel: `wrong_${field}`,
	html: `<p><strong>⚠ ${escape(message)}</strong></p>`,
});

export const hidden = (name: string, value: string): FormField => ({
	fieldType: 'hiddenField',
	fieldName: name,
	fieldLabel: name,
	fieldValue: value,
});

const shown = (answer: unknown): string =>
	Array.isArray(answer) ? answer.join('\n') : typeof answer === 'string' ? answer : '';

function formField(field: Field, answer: unknown, language: OnboardingLanguage): FormField {
	const { key, label, type = 'text', required, hint, options, transient } = field;
	return {
		fieldName: key,
		fieldLabel: inLanguage(label, language),
		fieldType: type,
		...(hint ? { placeholder: inLanguage(hint, language) } : {}),
		...(required && !(transient && key !== 'token') ? { requiredField: true } : {}),
		...(options ? { fieldOptions: { values: options.map((option) => ({ option })) } } : {}),
		...(type === 'file' ? { multipleFiles: true, acceptFileTypes: '.txt,.md,.pdf,.docx' } : {}),
		...(type === 'file' || type === 'password' ? {} : { defaultValue: shown(answer) }),
	};
}

/** The page for a code that opens nothing: it comes back as it was typed. */
export function startPage(typed: string, language: OnboardingLanguage, person: string): FormPage {
	const { next, start } = WORDS[language];
	return {
		...{ page: 'start', title: start.title, description: '', button: next },
		fields: fieldsJson([
			{ fieldName: 'code', fieldLabel: start.code, fieldType: 'text', defaultValue: typed },
			beside('code', start.unknown),
			...[hidden('page', 'start'), hidden('language', language), hidden('person', person)],
		]),
	};
}

/** One page with what was typed before, and beside each faulty field what is wrong with it. */
export function formPage(
	page: PageName,
	{ code, answers, issues, documents = [], language, person }: PageContent,
): FormPage {
	const words = WORDS[language];
	const fields = fieldsOf(page).flatMap((field) => [
		formField(field, answers[field.key], language),
		...issues.filter((issue) => issue.field === field.key).map((issue) => beside(field.key, issue.message)),
	]);
	const known = new Set(fieldsOf(page).map(({ key }) => key));
	const rest = issues
		.filter(({ field }) => !known.has(field))
		.map(({ field, message }) => beside(field.replace(/\W/g, '_'), message));
	const lines = [
		...(issues.length > 0 ? [words.correct] : []),
		...(page === 'documents' ? [words.documents(documents)] : []),
		...(page === 'channel' ? [words.channels] : []),
		...(code ? [words.resume(code)] : []),
	];
	return {
		page,
		title: inLanguage(PAGE_TITLES[page], language),
		description: lines.map(escape).join('<br>'),
		button: words.next,
		fields: fieldsJson([
			...rest,
			...fields,
			hidden('page', page),
			hidden('code', code),
			hidden('language', language),
			hidden('person', person),
		]),
	};
}
