import { form as formOf, frame, pageLink, paragraph, type PageLanguage } from '../pages';
import { HANDOFF_WORDS } from './words';

export interface PageContext {
	language: PageLanguage;
	/** Seals who looks; stands in every link and form of the page. */
	token: string;
	timezone: string;
	/** Of each form; made anew for each page. */
	formKey: string;
	/** Whoever looks wants the queue to read itself again. */
	isReloading: boolean;
}

/** What the address of another view of the same page asks. */
export const queryOf = ({ token, language }: PageContext, query: Record<string, string>): Record<string, string> => ({
	...{ token, lang: language },
	...query,
});

export const link = (context: PageContext, query: Record<string, string>, label: string): string =>
	pageLink(queryOf(context, query), label);

/** A form of one act: its key makes pressing twice one act. */
export const form = (context: PageContext, conversationId: string, action: string, inside: string): string =>
	formOf(
		{
			...{ token: context.token, c: conversationId, action },
			...{ key: `${context.formKey}-${action}`, lang: context.language },
		},
		inside,
	);

export const timeOf = ({ language, timezone }: PageContext, at: Date | null): string =>
	at ? at.toLocaleString(language, { timeZone: timezone, dateStyle: 'short', timeStyle: 'short' }) : '';

/** One page for every link that opens nothing: forged, expired, foreign, or of somebody who left. */
export const refusedPage = (language: PageLanguage): string => {
	const words = HANDOFF_WORDS[language];
	return frame(language, words.refusedTitle, paragraph(words.refused));
};
