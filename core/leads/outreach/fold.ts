/** Text made comparable: accents, case and invisible characters gone. */
export const fold = (text: string): string =>
	text
		.normalize('NFKD')
		.replace(/[\p{M}\p{Cf}]/gu, '')
		.toLowerCase();

/** The words of a text between single blanks, so that ` word ` is found as a word only. */
export const foldedWords = (text: string): string => ` ${(fold(text).match(/[\p{L}\p{N}]+/gu) ?? []).join(' ')} `;
