import { HANDOFF_WORDS, type PageWordsLanguage } from './words';

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
export const escape = (text: string): string => text.replace(/[&<>"']/g, (found) => ENTITIES[found]);

const STYLE = `:root{color-scheme:light dark;--ink:#16202b;--paper:#fff;--line:#d7dde3;--soft:#f1f4f7;--main:#16324f;--on:#fff;--bad:#a11622;--good:#14603a}
@media(prefers-color-scheme:dark){:root{--ink:#e8edf2;--paper:#11181f;--line:#33404d;--soft:#1b2530;--main:#9cc4ee;--on:#0d141b;--bad:#ff9a9f;--good:#8fdcb0}}
*{box-sizing:border-box}body{font:16px/1.5 system-ui,sans-serif;margin:0 auto;max-width:46rem;padding:1rem;color:var(--ink);background:var(--paper)}
h1{font-size:1.35rem;margin:.4rem 0}h2{font-size:1.05rem;margin:1.5rem 0 .4rem}a{color:var(--main)}ul{padding-left:1.2rem}nav a,nav strong{margin-right:.9rem}
.card{border:1px solid var(--line);border-radius:.6rem;padding:.7rem .9rem;margin:.6rem 0;overflow-wrap:anywhere}.bad{color:var(--bad);font-weight:700}.good{color:var(--good)}
.note{border-left:4px solid var(--main);background:var(--soft);padding:.6rem .8rem;margin:.8rem 0}.note.bad{border-color:var(--bad)}
.msg{max-width:85%;padding:.5rem .7rem;margin:.4rem 0;border-radius:.7rem;background:var(--soft);white-space:pre-wrap;overflow-wrap:anywhere}.out{margin-left:auto;border:1px solid var(--line);background:transparent}
.meta{display:block;font-size:.8rem;opacity:.8}textarea,select,input{font:inherit;width:100%;padding:.6rem;border:1px solid var(--line);border-radius:.4rem;background:var(--paper);color:var(--ink)}
button{font:inherit;min-height:2.8rem;padding:.5rem 1rem;margin:.4rem .4rem .4rem 0;border:1px solid var(--main);border-radius:.5rem;background:transparent;color:var(--main)}
button.main{background:var(--main);color:var(--on)}:focus-visible{outline:3px solid var(--main);outline-offset:2px}.row form{display:inline-block}`;

/** A page that needs nothing from outside and no script. */
export const frame = (
	language: PageWordsLanguage,
	title: string,
	body: string,
	settings: { refreshSeconds?: number } = {},
): string =>
	[
		`<!doctype html><html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">`,
		'<meta name="robots" content="noindex"><meta name="referrer" content="no-referrer">',
		settings.refreshSeconds ? `<meta http-equiv="refresh" content="${settings.refreshSeconds}">` : '',
		`<title>${escape(title)}</title><style>${STYLE}</style></head><body>${body}</body></html>`,
	].join('');

export interface PageContext {
	language: PageWordsLanguage;
	/** Seals who looks; stands in every link and form of the page. */
	token: string;
	timezone: string;
	/** Of each form; made anew for each page. */
	formKey: string;
}

/** A link to another view of the same page. */
export const link = ({ token, language }: PageContext, query: Record<string, string>, label: string): string =>
	`<a href="?${escape(new URLSearchParams({ token, lang: language, ...query }).toString())}">${escape(label)}</a>`;

/** A form of one act: its key makes pressing twice one act. */
export const form = (context: PageContext, conversationId: string, action: string, inside: string): string =>
	`<form method="post">${[
		['token', context.token],
		['c', conversationId],
		['action', action],
		['key', `${context.formKey}-${action}`],
		['lang', context.language],
	]
		.map(([name, value]) => `<input type="hidden" name="${name}" value="${escape(value)}">`)
		.join('')}${inside}</form>`;

export const button = (label: string, main = false): string =>
	`<button type="submit"${main ? ' class="main"' : ''}>${escape(label)}</button>`;

export const timeOf = ({ language, timezone }: PageContext, at: Date | null): string =>
	at ? at.toLocaleString(language, { timeZone: timezone, dateStyle: 'short', timeStyle: 'short' }) : '';

/** One page for every link that opens nothing: forged, expired, foreign, or of somebody who left. */
export const refusedPage = (language: PageWordsLanguage): string => {
	const words = HANDOFF_WORDS[language];
	return frame(language, words.refusedTitle, `<h1>${escape(words.refusedTitle)}</h1><p>${escape(words.refused)}</p>`);
};
