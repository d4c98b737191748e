/** Nothing in it can be folded. */
const ASCII = /^[\0-\x7f]*$/u;

export const deaccent = (text: string): string =>
	ASCII.test(text) ? text : text.normalize('NFD').replace(/\p{M}/gu, '');

/** Styled letters and full width become plain; what cannot be seen, and halves of a character, go. */
export const plain = (text: string): string =>
	ASCII.test(text)
		? text
		: text
				.normalize('NFKC')
				.replace(/\p{Cs}/gu, ' ')
				.replace(/[\p{Cf}\p{Variation_Selector}]/gu, '');

/** "oiiii" and "boaa" as "oi" and "boa"; a doubled e or o stays, for "see" and "voo". */
export const unstretched = (text: string): string =>
	text.replace(/((?!w)\p{L})\1{2,}/gu, '$1').replace(/([aiu])\1(?!\p{L})/gu, '$1');
