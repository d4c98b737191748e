/**
 * The notation of the rules, over a normalised line: `quero|queria ~2 fechar` words in a row, alternatives, up to two words
 * between; `contrat*` a beginning; `oi?` may be absent; `boa+noite|oi` words that stay together among alternatives; `~~3` a gap
 * that may cross punctuation; `^` and `$` the ends of the message; `@want` a class of words; `@any` any word.
 */
export type WordClasses = Readonly<Record<string, string>>;

export interface Pattern {
	/** Sticky, from the blank before its first word. No part that repeats can match what follows it. */
	expression: RegExp;
	/** Only at the beginning of the message. */
	anchored: boolean;
	/** Words it may begin with; `*` at the end for a beginning; null for any word. */
	heads: string[] | null;
}

const WORD = '[^ .,?]';
const GAP = /^(~~?)(\d)$/;
const isOptional = (word: string): boolean => word.length > 1 && word.endsWith('?');

const alternativesOf = (part: string, classes: WordClasses): string[] =>
	part
		.split('|')
		.map((word) => (isOptional(word) ? word.slice(0, -1) : word))
		.flatMap((word) => (word.startsWith('@') && word !== '@any' ? classes[word.slice(1)].split(' ') : [word]));

const hasOptional = (part: string): boolean => part.split('|').some(isOptional);

function sourceOf(part: string, classes: WordClasses): string {
	if (part === '$') return '(?: [.,?])* $';
	const gap = GAP.exec(part);
	if (gap !== null) return gap[1] === '~' ? `(?: ${WORD}+){0,${gap[2]}}` : `(?: [^ ]+){0,${gap[2]}}`;
	const listed = alternativesOf(part, classes);
	const words = listed
		.filter((word) => word !== '$')
		.map((word) => word.replace(/[.?()[\]{}\\$^]/gu, '\\$&').replace(/\+/gu, ' '))
		.map((word) => (word === '@any' ? `${WORD}+` : word.endsWith('*') ? `${word.slice(0, -1)}${WORD}*` : word));
	const ending = listed.includes('$') ? '|(?: [.,?])* $' : '';
	return `(?: (?:${words.join('|')})(?= )${ending})${hasOptional(part) ? '?' : ''}`;
}

/** What the first word can be: the first item's words, and the next one's where it may be absent. */
function headsOf(parts: readonly string[], classes: WordClasses): string[] | null {
	const heads: string[] = [];
	for (const part of parts) {
		if (part === '$' || GAP.test(part)) return null;
		const words = alternativesOf(part, classes);
		if (words.includes('@any') || words.includes('$')) return null;
		heads.push(...words.map((word) => word.split('+')[0]));
		if (!hasOptional(part)) return heads;
	}
	return null;
}

export function compile(notation: string, classes: WordClasses): Pattern {
	const all = notation.split(' ').filter((part) => part !== '');
	const anchored = all[0] === '^';
	const parts = anchored ? all.slice(1) : all;
	return {
		expression: new RegExp(parts.map((part) => sourceOf(part, classes)).join(''), 'uy'),
		anchored,
		heads: anchored ? null : headsOf(parts, classes),
	};
}
