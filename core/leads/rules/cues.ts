import { TEXT_BOUNDS } from '../defaults';
import { compile, type Pattern } from './pattern';
import { WORDS } from './vocabulary';

/** A normalised line and where each of its words begins. */
export interface Line {
	text: string;
	tokens: ReadonlyArray<{ word: string; at: number }>;
}

/** A family of patterns, ready to run. */
export interface CueSet {
	find(line: Line): Cue[];
}

export interface Cue {
	/** Where in the line it begins. */
	at: number;
	/** The words that were found, cut to the length of an evidence. */
	evidence: string;
}

export function lineOf(text: string): Line {
	let at = 0;
	const tokens = text
		.trim()
		.split(' ')
		.filter((word) => word !== '')
		.map((word) => {
			const token = { word, at };
			at += word.length + 1;
			return token;
		});
	return { text, tokens };
}

/** "no" is a negation where a sentence begins with it; in Portuguese it is "in the". */
const NEGATION =
	/ (?:nao|nunca|jamais|sem|not|dont|sin|never|(?<=(?:^|[.,?]|yo|pero|porque|aun|todavia|have|but|is|theres) )no)(?: [^ .,?]+){0,2}$/u;
/** "não quero só saber, quero fechar": a negation of something less. */
const NOT_ONLY = / (?:so|apenas|somente|only|solo|mais esperar|perder tempo)(?= |$)/u;
const NEGATION_REACH = 40;

const negated = (text: string, at: number): boolean => {
	const before = text.slice(Math.max(0, at - NEGATION_REACH), at);
	return NEGATION.test(before) && !NOT_ONLY.test(before);
};

const shortened = (match: string): string =>
	match
		.replace(/ [.,?](?= |$)/gu, '')
		.trim()
		.split(' ')
		.slice(0, TEXT_BOUNDS.evidenceWords)
		.join(' ')
		.slice(0, TEXT_BOUNDS.evidence);

const HEAD_LETTERS = 3;
type Range = readonly [from: number, to: number];

/** Patterns by the word they begin with: of thousands only a few are tried at each word. */
function finder(notations: readonly string[]): (line: Line) => Range[] {
	const byWord = new Map<string, Pattern[]>();
	const byBeginning = new Map<string, Pattern[]>();
	const anywhere: Pattern[] = [];
	const anchored: Pattern[] = [];
	const file = (map: Map<string, Pattern[]>, key: string, pattern: Pattern): void => {
		const list = map.get(key) ?? [];
		if (!list.includes(pattern)) list.push(pattern);
		map.set(key, list);
	};
	for (const notation of notations) {
		const pattern = compile(notation, WORDS);
		if (pattern.anchored) anchored.push(pattern);
		else if (pattern.heads === null || pattern.heads.some((head) => head.endsWith('*') && head.length <= HEAD_LETTERS))
			anywhere.push(pattern);
		else {
			for (const head of pattern.heads) {
				if (head.endsWith('*')) file(byBeginning, head.slice(0, HEAD_LETTERS), pattern);
				else file(byWord, head, pattern);
			}
		}
	}
	return ({ text, tokens }) => {
		const found: Range[] = [];
		const attempt = (pattern: Pattern, at: number): void => {
			pattern.expression.lastIndex = at;
			if (pattern.expression.test(text)) found.push([at, pattern.expression.lastIndex]);
		};
		tokens.forEach(({ word, at }, index) => {
			if (index === 0) for (const pattern of anchored) attempt(pattern, at);
			for (const pattern of byWord.get(word) ?? []) attempt(pattern, at);
			for (const pattern of byBeginning.get(word.slice(0, HEAD_LETTERS)) ?? []) attempt(pattern, at);
			for (const pattern of anywhere) attempt(pattern, at);
		});
		return found;
	};
}

/** The ranges in order, without those that lie over an earlier one. */
function apart(ranges: readonly Range[]): Range[] {
	let end = -1;
	return ranges.filter(([from, to]) => {
		if (from < end) return false;
		end = to;
		return true;
	});
}

export function cueSet(set: { patterns: readonly string[]; not?: readonly string[]; negatable?: boolean }): CueSet {
	const find = finder(set.patterns);
	const except = finder(set.not ?? []);
	return {
		find(line) {
			const found = find(line);
			if (found.length === 0) return [];
			const exceptions = except(line);
			return apart(
				found
					.filter(([from, to]) => !exceptions.some(([start, end]) => start < to && from < end))
					.filter(([from]) => set.negatable !== true || !negated(line.text, from)),
			).map(([from, to]) => ({ at: from, evidence: shortened(line.text.slice(from, to)) }));
		},
	};
}
