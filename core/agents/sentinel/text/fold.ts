/** Text made comparable: accents, case, styled letters and invisible characters gone. */
export const fold = (text: string): string =>
	text
		.normalize('NFKD')
		.replace(/[\p{M}\p{Cf}]/gu, '')
		.toLowerCase();

/** The words of a text, folded; emoji and punctuation are no words. */
export const words = (text: string): string[] => fold(text).match(/[\p{L}\p{N}]+/gu) ?? [];

/** The words of each clause, joined by single blanks: what stands across a comma or full stop is not one phrase. */
export const clauses = (text: string): string[] =>
	fold(text)
		.split(/[.,;:!?\n\r()…–—]+/u)
		.map((clause) => (clause.match(/[\p{L}\p{N}]+/gu) ?? []).join(' '))
		.filter((clause) => clause !== '');

export const escapeRegExp = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');

/** Sentences and lines, as written. */
export const sentences = (text: string): string[] =>
	text
		.split(/(?<=[.!?…])\s+|\n+/u)
		.map((sentence) => sentence.trim())
		.filter((sentence) => sentence !== '');
