import { parseAgentSpec, type AgentSpec, type SpecDocument } from '../agents';
import { isFactoryError } from '../errors';
import { personaIssues, type NewPersona } from '../leads';
import { ANSWER_MAX_CHARACTERS } from './defaults';
import { FIELDS, WEEKDAYS, type Field, type OnboardingLanguage, type PageName } from './fields';
import { WORDS } from './words';

/** What people typed: kept as given. */
export type Answers = Record<string, unknown>;

/** A faulty answer, by its field on the form. */
export interface AnswerIssue {
	field: string;
	page: PageName;
	message: string;
}

export interface ReadAnswers {
	spec: AgentSpec | null;
	persona: NewPersona;
	issues: AnswerIssue[];
}

const asText = (value: unknown): string =>
	typeof value === 'string'
		? value.trim()
		: typeof value === 'number' || typeof value === 'boolean'
			? String(value)
			: '';

const asLines = (value: unknown): string[] =>
	(Array.isArray(value) ? value.map(asText) : asText(value).split(/\r?\n/))
		.map((line) => line.trim())
		.filter((line) => line !== '');

const isEmpty = (value: unknown): boolean =>
	Array.isArray(value) ? asLines(value).length === 0 : asText(value) === '';

/** Of what a form or a caller sent, only answers to our questions, and none that may not be kept. */
export function keptAnswers(given: Answers): Answers {
	const kept: Answers = {};
	for (const { key, transient, lines } of FIELDS) {
		if (transient || !Object.hasOwn(given, key)) continue;
		const value = given[key] ?? '';
		kept[key] = lines && Array.isArray(value) ? asLines(value) : asText(value).slice(0, ANSWER_MAX_CHARACTERS);
	}
	return kept;
}

const RANGE = /^(\d{1,2}:\d{2})\s*(?:-|–|às|as|to|até|a)\s*(\d{1,2}:\d{2})$/i;

/** "09:00-12:00, 13:00-18:00" as ranges; a range that is none stays as it is, for the schema to refuse. */
function rangesOf(text: string): Array<{ from: string; to: string }> {
	return text
		.split(/[,;]/)
		.map((part) => part.trim())
		.filter((part) => part !== '')
		.map((part) => {
			const [, from, to] = RANGE.exec(part) ?? [null, part, ''];
			return { from: (from ?? '').padStart(5, '0'), to: (to ?? '').padStart(5, '0') };
		});
}

function valueOf(field: Field, answer: unknown): unknown {
	if ((WEEKDAYS as readonly string[]).includes(field.key)) return rangesOf(asText(answer));
	return field.lines ? asLines(answer) : asText(answer);
}

function setAt(target: Record<string, unknown>, path: string, value: unknown): void {
	const [head, ...rest] = path.split('.');
	if (rest.length === 0) target[head] = value;
	else setAt((target[head] ??= {}) as Record<string, unknown>, rest.join('.'), value);
}

/** The field whose answer stands at this place of the spec. */
const fieldAt = (path: string): Field | undefined =>
	FIELDS.filter(
		({ spec }) => spec !== undefined && (path === spec || path.startsWith(`${spec}.`) || path.startsWith(`${spec}[`)),
	).sort((a, b) => b.spec!.length - a.spec!.length)[0];

function specIssues(error: unknown, language: OnboardingLanguage): AnswerIssue[] {
	if (!isFactoryError(error) || error.code !== 'SPEC_INVALID') throw error;
	const { issues } = error.details as { issues: Array<{ path: string; message: string }> };
	return issues.map(({ path, message }) => {
		const field = fieldAt(path);
		const page = field?.page ?? (path.startsWith('documents') ? 'documents' : 'business');
		return { field: field?.key ?? path, page, message: WORDS[language].fault(message) };
	});
}

/** Answers as an AgentSpec and a persona; every faulty answer is named by its field. */
export function readAnswers(
	answers: Answers,
	documents: readonly SpecDocument[],
	language: OnboardingLanguage,
): ReadAnswers {
	const missing = FIELDS.filter(({ key, required, transient }) => required && !transient && isEmpty(answers[key]));
	const issues: AnswerIssue[] = missing
		.filter(({ page }) => page !== 'channel')
		.map(({ key, page }) => ({ field: key, page, message: WORDS[language].required }));
	const input: Record<string, unknown> = { identity: {}, business: {}, documents: [...documents] };
	const persona: Record<string, unknown> = {};
	for (const field of FIELDS) {
		if (isEmpty(answers[field.key])) continue;
		const value = valueOf(field, answers[field.key]);
		if (field.spec) setAt(input, field.spec, value);
		if (field.persona) persona[field.persona] = value;
	}
	const named = new Set(issues.map(({ field }) => field));
	let spec: AgentSpec | null = null;
	try {
		spec = parseAgentSpec(input);
	} catch (error) {
		issues.push(...specIssues(error, language).filter(({ field }) => !named.has(field)));
	}
	for (const { field: name, message } of personaIssues(persona)) {
		const field = FIELDS.find((one) => one.persona === name);
		if (field && !named.has(field.key))
			issues.push({ field: field.key, page: field.page, message: WORDS[language].fault(message) });
	}
	return { spec: issues.length === 0 ? spec : null, persona: persona, issues: onePerField(issues) };
}

/** A list with three bad lines is one field: its first fault is shown beside it. */
const onePerField = (issues: AnswerIssue[]): AnswerIssue[] =>
	issues.filter((issue, index) => issues.findIndex(({ field }) => field === issue.field) === index);
