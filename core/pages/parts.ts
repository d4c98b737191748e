import { escape, type PageLanguage } from './html';

export const section = (title: string, body: string, id?: string): string =>
	`<section${id ? ` id="${escape(id)}"` : ''}><h2>${escape(title)}</h2>${body}</section>`;
export const paragraph = (text: string): string => `<p>${escape(text)}</p>`;
export const list = (lines: readonly string[]): string =>
	`<ul>${lines.map((line) => `<li>${escape(line)}</li>`).join('')}</ul>`;
/** Things one below the other, each HTML of its own `li`. */
export const plainList = (items: readonly string[]): string => `<ul class="plain">${items.join('')}</ul>`;
export const button = (label: string, isMain = false): string =>
	`<button type="submit"${isMain ? ' class="main"' : ''}>${escape(label)}</button>`;
/** Said to who just acted; a refusal is read out at once. */
export const note = (text: string, isBad = false): string =>
	`<p class="note ${isBad ? 'bad' : 'good'}" role="${isBad ? 'alert' : 'status'}">${escape(text)}</p>`;

/** A form that posts to its own address; `hidden` travels with it. */
export const form = (hidden: Readonly<Record<string, string>>, inside: string): string =>
	`<form method="post">${Object.entries(hidden)
		.map(([name, value]) => `<input type="hidden" name="${escape(name)}" value="${escape(value)}">`)
		.join('')}${inside}</form>`;

/** The links between the pages of one thing; the one that is open is no link. */
export const navigation = (label: string, entries: readonly string[]): string =>
	`<nav aria-label="${escape(label)}">${entries.join('')}</nav>`;

/** A link to the page with another query. */
export const pageLink = (query: Readonly<Record<string, string>>, label: string): string =>
	`<a href="?${escape(new URLSearchParams(query).toString())}">${escape(label)}</a>`;

const RELOAD: Record<PageLanguage, { start(seconds: number): string; stop: string }> = {
	'pt-BR': { start: (seconds) => `Atualizar sozinha a cada ${seconds} s`, stop: 'Parar de atualizar sozinha' },
	en: { start: (seconds) => `Refresh by itself every ${seconds} s`, stop: 'Stop refreshing by itself' },
};

/** A page that jumps under a reader is in the way of some people: it reloads only for who wants it, until they stop it. */
export const reloadLink = (
	language: PageLanguage,
	query: Readonly<Record<string, string>>,
	{ seconds, isOn }: { seconds: number; isOn: boolean },
): string =>
	isOn ? pageLink(query, RELOAD[language].stop) : pageLink({ ...query, reload: '1' }, RELOAD[language].start(seconds));

export interface Column {
	title: string;
	/** Numbers stand to the right. */
	isNumber?: boolean;
}

/** A table that scrolls by itself on a phone. Cells are text. */
export function table(columns: readonly Column[], rows: ReadonlyArray<readonly string[]>, caption: string): string {
	const kind = (at: number): string => (columns[at].isNumber ? ' class="n"' : '');
	const head = columns.map(({ title }, at) =>
		title === '' ? '<td></td>' : `<th scope="col"${kind(at)}>${escape(title)}</th>`,
	);
	const body = rows.map((row) => `<tr>${row.map((cell, at) => `<td${kind(at)}>${escape(cell)}</td>`).join('')}</tr>`);
	const label = escape(caption);
	return `<div class="scroll" role="region" aria-label="${label}" tabindex="0"><table><thead><tr>${head.join('')}</tr></thead><tbody>${body.join('')}</tbody></table></div>`;
}
