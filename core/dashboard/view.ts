import { form, pageLink, type PageLanguage } from '../pages';

/** What every part of a page needs to write figures and links. */
export interface PageContext {
	language: PageLanguage;
	/** Seals who looks; stands in every link and form of the page. */
	token: string;
	timezone: string;
	/** Of each form; made anew for each page, so that pressing twice is one act. */
	formKey: string;
}

export const UNKNOWN = '–';

export const number = ({ language }: PageContext, value: number | null, digits = 0): string =>
	value === null ? UNKNOWN : value.toLocaleString(language, { maximumFractionDigits: digits });
export const usd = ({ language }: PageContext, value: number | null): string =>
	value === null
		? UNKNOWN
		: `US$ ${value.toLocaleString(language, { minimumFractionDigits: 2, maximumFractionDigits: Math.abs(value) < 1 ? 4 : 2 })}`;
export const percent = (context: PageContext, value: number | null): string =>
	value === null ? UNKNOWN : `${number(context, value, 1)} %`;
/** Seconds as people say them: 0.8 s, 12 s, 3 min, 2 h. */
export function wait(context: PageContext, seconds: number | null): string {
	if (seconds === null) return UNKNOWN;
	if (seconds < 10) return `${number(context, seconds, 1)} s`;
	if (seconds < 120) return `${number(context, seconds)} s`;
	if (seconds < 7_200) return `${number(context, seconds / 60)} min`;
	return `${number(context, seconds / 3_600, 1)} h`;
}
export const time = ({ language, timezone }: PageContext, at: string | Date | null): string =>
	at === null
		? UNKNOWN
		: new Date(at).toLocaleString(language, { timeZone: timezone, dateStyle: 'short', timeStyle: 'short' });
/** A day of the tenant, `2026-11-22`, as the axis of a chart shows it. */
export const day = ({ language }: PageContext, date: string): string =>
	new Date(`${date}T00:00:00Z`).toLocaleDateString(language, { timeZone: 'UTC', day: '2-digit', month: '2-digit' });

/** A link to another view of the page. */
export const link = ({ token, language }: PageContext, query: Record<string, string>, label: string): string =>
	pageLink({ token, lang: language, ...query }, label);

/** A form of one act, which its key makes one act however often it is sent. */
export const act = (context: PageContext, action: string, hidden: Record<string, string>, inside: string): string =>
	form(
		{ token: context.token, lang: context.language, action, key: `${context.formKey}-${action}`, ...hidden },
		inside,
	);
