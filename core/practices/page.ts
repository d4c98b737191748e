import type { Viewer } from '../dashboard';
import { describeOperation } from '../improvement';
import { button, escape, form, frame, note, paragraph, section, table, type PageLanguage } from '../pages';
import { channelName, consentText, CONSENT_TEXT_VERSION, type ConsentPurpose } from './consent-texts';
import { SOURCES, type Source } from './defaults';
import type { PracticesView } from './store';
import { PRACTICES_WORDS } from './words';

/** What the button just did. */
export type PracticesSaid = 'given' | 'withdrawn' | 'unchanged';

interface Context {
	viewer: Viewer;
	language: PageLanguage;
	token: string;
	mayDecide: boolean;
}

const time = ({ language, viewer }: Context, at: Date | null): string =>
	at === null
		? '–'
		: at.toLocaleString(language, { timeZone: viewer.timezone, dateStyle: 'short', timeStyle: 'short' });

/** One consent: what it says, how it stands, and the one button that changes it. */
function consentCard(purpose: ConsentPurpose, source: Source | null, isGiven: boolean, context: Context): string {
	const { language, token } = context;
	const words = PRACTICES_WORDS[language];
	const name = source ? words.shareFrom(channelName(source)) : words.receive;
	const hidden = { token, lang: language, action: isGiven ? 'withdraw' : 'give', purpose, source: source ?? '' };
	const label = `${isGiven ? words.withdraw : words.agree}: ${name}`;
	const act = context.mayDecide ? form(hidden, button(label, !isGiven)) : '';
	const state = `<p class="${isGiven ? 'good' : ''}">${escape(isGiven ? words.isGiven : words.isNotGiven)}</p>`;
	return `<div class="card"><h3>${escape(name)}</h3>${paragraph(consentText(purpose, source, language))}${state}${act}</div>`;
}

function consents(view: PracticesView, context: Context): string {
	const given = (purpose: ConsentPurpose, source: Source | null): boolean =>
		view.consents.some((consent) => consent.purpose === purpose && consent.source === source);
	const cards = [
		...SOURCES.map((source) => consentCard('share', source, given('share', source), context)),
		consentCard('receive', null, given('receive', null), context),
	];
	const words = PRACTICES_WORDS[context.language];
	const who = context.mayDecide ? '' : note(words.onlyOwners);
	return `${who}${cards.join('')}${paragraph(words.textVersion(CONSENT_TEXT_VERSION))}`;
}

function shared(view: PracticesView, context: Context): string {
	const words = PRACTICES_WORDS[context.language];
	if (view.shared.length === 0) return paragraph(words.nothingShared);
	const columns = [
		{ title: words.practice },
		{ title: words.leads, isNumber: true },
		{ title: words.since },
		{ title: words.withdrawn },
	];
	const rows = view.shared.map(({ operation, leads, at, withdrawnAt }) => [
		describeOperation(operation, context.language),
		leads?.toLocaleString(context.language) ?? '–',
		time(context, at),
		time(context, withdrawnAt),
	]);
	return `${paragraph(words.sharedHint)}${table(columns, rows, words.shared)}`;
}

function received(view: PracticesView, context: Context): string {
	const words = PRACTICES_WORDS[context.language];
	if (view.received.length === 0) return paragraph(words.nothingReceived);
	const percent = (value: number | null): string =>
		value === null ? '–' : `${value.toLocaleString(context.language, { maximumFractionDigits: 1 })} %`;
	const columns = [
		...[words.practice, words.offered, words.state].map((title) => ({ title })),
		...[words.before, words.after].map((title) => ({ title, isNumber: true })),
	];
	const rows = view.received.map((row) => [
		describeOperation(row.operation, context.language),
		time(context, row.offeredAt),
		row.how
			? `${words.how[row.how] ?? row.how} (${time(context, row.revertedAt)})`
			: (words.states[row.state] ?? row.state),
		percent(row.before),
		percent(row.after),
	]);
	return `${paragraph(words.receivedHint)}${table(columns, rows, words.received)}`;
}

function receipts(view: PracticesView, context: Context): string {
	const words = PRACTICES_WORDS[context.language];
	if (view.receipts.length === 0) return paragraph(words.noReceipts);
	const columns = [words.when, words.what, words.who, words.text].map((title) => ({ title }));
	const rows = view.receipts.map(({ purpose, source, granted, person, textVersion, at }) => [
		time(context, at),
		`${granted ? words.agreed : words.tookBack}: ${purpose === 'share' && source ? words.shareFrom(channelName(source)) : words.receive}`,
		person,
		textVersion,
	]);
	return table(columns, rows, words.receipts);
}

/** What is shared and received, under which consent; each consent is given and taken back with one button. */
export function practicesPage(view: PracticesView, context: Context, said?: PracticesSaid): string {
	const words = PRACTICES_WORDS[context.language];
	const title = `${words.title} · ${context.viewer.tenantName}`;
	const body = [
		said ? note(words.said[said]) : '',
		section(words.consents, consents(view, context)),
		section(words.shared, shared(view, context)),
		section(words.received, received(view, context)),
		section(words.receipts, receipts(view, context)),
	];
	return frame(context.language, title, body.join(''), { intro: paragraph(words.intro) });
}
