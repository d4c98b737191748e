import type { Database } from '../database';
import { isFactoryError } from '../errors';
import { keptAnswers, readAnswers, type AnswerIssue, type Answers } from './answers';
import { connectChannel, type ConnectPorts, type ConnectStep } from './connect';
import { addDocumentFile, addDocumentText, type ExtractText, type UploadedFile } from './documents';
import { PAGES, type OnboardingLanguage, type PageName } from './fields';
import { asTyped, firstPage, formPage, nextPage, startPage, type FormIssue, type FormPage } from './forms';
import { actOnLivePage, LIVE_PAGE, livePage } from './live-page';
import { reviewPage, saveReview } from './review';
import {
	codeOf,
	readDocuments,
	readOnboarding,
	refOf,
	saveAnswers,
	startOnboarding,
	type Onboarding,
	type OnboardingRef,
} from './store';
import { WORDS } from './words';

export interface SubmittedPage {
	/** Empty: the form has just begun. */
	page: string;
	/** Empty until the client has a name. */
	code: string;
	language: OnboardingLanguage;
	/** Who fills it in. */
	person: string;
	values: Record<string, unknown>;
	files: UploadedFile[];
}

/** What the workflow does next: show a page, compile and test, send the link, give the first message a moment, or end. */
export interface WizardStep {
	step: 'page' | 'test' | 'send' | 'wait' | 'done';
	code: string;
	tenantId: string | null;
	onboardingId: string | null;
	/** The client's person who will approve; set with step `send`. */
	clientPerson: string | null;
	issues: FormIssue[];
	form: FormPage | null;
}

export interface WizardPorts extends ConnectPorts {
	extract: ExtractText;
	newId: string;
	slugSuffix: string;
}

const isPage = (page: string): page is PageName => (PAGES as readonly string[]).includes(page);
const textOf = (value: unknown): string => (typeof value === 'string' ? value.trim() : '');

/** Takes what was typed on a page and answers what comes next. Nothing typed is lost: a faulty page comes back as it was. */
export async function submitPage(
	database: Database,
	given: SubmittedPage,
	ports: WizardPorts,
	actor?: string,
): Promise<WizardStep> {
	const submitted = {
		...given,
		values: Object.fromEntries(Object.entries(given.values).map(([key, value]) => [key, asTyped(value)])),
	};
	const { page, code } = submitted;
	if (page === 'review') return await saveReview(database, refOf(code), submitted, show);
	if (page === LIVE_PAGE) return await live(database, submitted);
	if (!isPage(page)) return await begin(database, submitted);
	const started = code === '' ? await start(database, submitted, ports, actor) : refOf(code);
	if ('issues' in started) return show(null, page, submitted, started.issues, submitted.values);
	const issues = [
		...(await keep(database, started, page, submitted, ports, actor)),
		...(await issuesOf(database, started, page)),
	];
	const onboarding = await readOnboarding(database, started);
	if (issues.length > 0)
		return show(onboarding, page, submitted, issues, { ...onboarding.answers, ...unkept(page, submitted.values) });
	const next = nextPage(page);
	return next ? show(onboarding, next, submitted, [], onboarding.answers) : stepOf('test', onboarding);
}

/** What is not kept among the answers but may be shown again: never a secret. */
const unkept = (page: PageName, values: Record<string, unknown>): Answers =>
	page === 'documents' ? { pastedTitle: values.pastedTitle, pastedText: values.pastedText } : {};

const stepOf = (
	step: WizardStep['step'],
	onboarding: Onboarding | null,
	more: Partial<WizardStep> = {},
): WizardStep => ({
	step,
	code: onboarding ? codeOf(onboarding) : '',
	tenantId: onboarding?.tenantId ?? null,
	onboardingId: onboarding?.id ?? null,
	clientPerson: null,
	issues: [],
	form: null,
	...more,
});

export type ShowPage = typeof show;
function show(
	onboarding: Onboarding | null,
	page: PageName | 'review',
	{ language, person }: Pick<SubmittedPage, 'language' | 'person'>,
	issues: readonly FormIssue[],
	answers: Answers,
	more: Partial<WizardStep> = {},
): WizardStep {
	const content = {
		code: onboarding ? codeOf(onboarding) : '',
		answers,
		issues,
		documents: onboarding?.documents.map(({ title }) => title),
		language,
		person,
	};
	const form = page === 'review' ? reviewPage(onboarding!, content) : formPage(page, content);
	return stepOf('page', onboarding, { issues: [...issues], form, ...more });
}

/** The first page, or where an onboarding that somebody left stands: its first page with a fault, else the last. */
async function begin(database: Database, submitted: SubmittedPage): Promise<WizardStep> {
	if (submitted.code === '') return show(null, firstPage(), submitted, [], submitted.values);
	const onboarding = await knownBy(database, submitted.code);
	if (!onboarding) {
		const issue = { field: 'code', message: WORDS[submitted.language].start.unknown };
		const form = startPage(submitted.code, submitted.language, submitted.person);
		return stepOf('page', null, { issues: [issue], form });
	}
	if (onboarding.state === 'active' || onboarding.state === 'approved')
		return await showFirstMessage(database, onboarding, submitted.person);
	const { issues } = readAnswers(onboarding.answers, await readDocuments(database, onboarding), onboarding.language);
	const page = PAGES.find((one) => issues.some((issue) => issue.page === one)) ?? 'channel';
	const { language } = onboarding;
	return show(
		onboarding,
		page,
		{ ...submitted, language },
		issues.filter((issue) => issue.page === page),
		onboarding.answers,
	);
}

/** The onboarding of a code that somebody kept; null: the code is wrong. */
async function knownBy(database: Database, code: string): Promise<Onboarding | null> {
	try {
		return await readOnboarding(database, refOf(code));
	} catch (error) {
		if (isFactoryError(error) && error.code === 'ONBOARDING_NOT_FOUND') return null;
		throw error;
	}
}

async function start(
	database: Database,
	{ values, language, person }: SubmittedPage,
	{ newId, slugSuffix }: WizardPorts,
	actor?: string,
): Promise<OnboardingRef | { issues: AnswerIssue[] }> {
	const { issues } = readAnswers(keptAnswers(values), [], language);
	if (issues.some(({ field }) => field === 'businessName'))
		return { issues: issues.filter(({ page }) => page === 'business') };
	return await startOnboarding(database, { answers: values, language, person, newId, slugSuffix }, actor);
}

async function keep(
	database: Database,
	ref: OnboardingRef,
	page: PageName,
	submitted: SubmittedPage,
	ports: WizardPorts,
	actor?: string,
): Promise<FormIssue[]> {
	await saveAnswers(database, ref, submitted.values, actor);
	if (page === 'documents') return await keepDocuments(database, ref, submitted, ports, actor);
	return page === 'channel' ? await connect(database, ref, submitted, ports, actor) : [];
}

async function issuesOf(database: Database, ref: OnboardingRef, page: PageName): Promise<FormIssue[]> {
	const onboarding = await readOnboarding(database, ref);
	const { issues } = readAnswers(onboarding.answers, await readDocuments(database, ref), onboarding.language);
	return issues.filter((issue) => issue.page === page);
}

/** Each file by itself: a broken one is named, the others are kept. */
async function keepDocuments(
	database: Database,
	ref: OnboardingRef,
	{ values, files, language }: SubmittedPage,
	{ extract }: WizardPorts,
	actor?: string,
): Promise<FormIssue[]> {
	const issues: FormIssue[] = [];
	const attempt = async (field: string, name: string, work: () => Promise<unknown>): Promise<void> => {
		try {
			await work();
		} catch (error) {
			if (!isFactoryError(error) || error.retryable) throw error;
			issues.push({ field, message: `${name}: ${WORDS[language].documentFaults[error.code] ?? error.message}` });
		}
	};
	for (const file of files)
		await attempt('files', file.fileName, async () => await addDocumentFile(database, ref, file, extract, actor));
	const [title, content] = [textOf(values.pastedTitle), textOf(values.pastedText)];
	if (title !== '' || content !== '')
		await attempt('pastedText', title, async () => await addDocumentText(database, ref, { title, content }, actor));
	return issues;
}

/** Beside which field a step that failed is shown. */
const FIELD_OF: Record<ConnectStep['step'], string> = {
	token: 'token',
	permissions: 'token',
	account: 'wabaId',
	number: 'pin',
	stored: 'channelId',
	subscribed: 'wabaId',
	subscription_checked: 'wabaId',
};

async function connect(
	database: Database,
	ref: OnboardingRef,
	{ values, language }: SubmittedPage,
	ports: WizardPorts,
	actor?: string,
): Promise<FormIssue[]> {
	const [kind, externalId, token] = [textOf(values.channelKind), textOf(values.channelId), textOf(values.token)];
	const missing = Object.entries({ channelKind: kind, channelId: externalId, token }).filter(
		([, value]) => value === '',
	);
	if (missing.length > 0) return missing.map(([field]) => ({ field, message: WORDS[language].required }));
	if (kind !== 'whatsapp' && kind !== 'instagram' && kind !== 'messenger')
		return [{ field: 'channelKind', message: WORDS[language].required }];
	const channel = {
		kind,
		externalId,
		token,
		wabaId: textOf(values.wabaId) || null,
		pin: textOf(values.pin) || null,
	} as const;
	const { steps } = await connectChannel(database, ref, channel, { ...ports, language }, actor);
	return steps.filter(({ ok }) => !ok).map(({ step, message, field }) => ({ field: field ?? FIELD_OF[step], message }));
}

/** The page with the result of the test, after it ran. */
export async function showReview(database: Database, ref: OnboardingRef, person: string): Promise<WizardStep> {
	const onboarding = await readOnboarding(database, ref);
	return show(onboarding, 'review', { language: onboarding.language, person }, [], {});
}

/** The page after the approval as it stands now. */
export async function showFirstMessage(database: Database, ref: OnboardingRef, person: string): Promise<WizardStep> {
	const { onboarding, form } = await livePage(database, ref, person);
	return stepOf('page', onboarding, { form });
}

async function live(database: Database, { code, values, person }: SubmittedPage): Promise<WizardStep> {
	const ref = refOf(code);
	const { choice, issues } = await actOnLivePage(database, ref, values, person);
	const { onboarding, form } = await livePage(database, ref, person, issues, values);
	if (issues.length > 0 || choice === 'look') return stepOf('page', onboarding, { issues, form });
	return stepOf(choice === 'send' ? 'wait' : 'done', onboarding);
}
