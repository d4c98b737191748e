/**
 * The notation of the rules, compiled to one linear expression over a normalised line:
 * `quero|queria ~2 fechar` words in a row, alternatives, up to two words between; `contrat*` a beginning; `oi?` may be absent; `boa+noite|oi` words that stay together within alternatives;
 * `~~3` a gap that may cross punctuation; `^` and `$` the ends of the message; `@want` a class of words.
 */
export type WordClasses = Readonly<Record<string, string>>;

const WORD = '[^ .,?]';

function item(part: string, classes: WordClasses): string {
	if (part === '^') return '^';
	if (part === '$') return '(?: [.,?])* $';
	const gap = /^(~~?)(\d)$/.exec(part);
	if (gap !== null) return gap[1] === '~' ? `(?: ${WORD}+){0,${gap[2]}}` : `(?: [^ ]+){0,${gap[2]}}`;
	const listed = part.split('|');
	const isOptional = (word: string): boolean => word.length > 1 && word.endsWith('?');
	const alternatives = listed
		.filter((word) => word !== '$')
		.map((word) => (isOptional(word) ? word.slice(0, -1) : word))
		.map((word) => (word === '@any' ? '*' : word))
		.flatMap((word) => (word.startsWith('@') ? classes[word.slice(1)].split(' ') : [word]))
		.map((word) => word.replace(/[.?()[\]{}\\$^]/gu, '\\$&').replace(/\+/gu, ' '))
		.map((word) => (word.endsWith('*') ? `${word.slice(0, -1)}${WORD}${word === '*' ? '+' : '*'}` : word));
	const ending = listed.includes('$') ? '|(?: [.,?])* $' : '';
	return `(?: (?:${alternatives.join('|')})(?= )${ending})${listed.some(isOptional) ? '?' : ''}`;
}

export function compile(patterns: readonly string[], classes: WordClasses): RegExp {
	const sources = patterns.map((pattern) =>
		pattern
			.split(' ')
			.filter((part) => part !== '')
			.map((part) => item(part, classes))
			.join(''),
	);
	return new RegExp(sources.map((source) => `(?:${source})`).join('|'), 'gu');
}
