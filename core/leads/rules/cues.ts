import { TEXT_BOUNDS } from '../defaults';
import { compile, type Pattern } from './pattern';
import { WORDS } from './vocabulary';

/** A normalised line and where each of its words begins. */
export interface Line {
	text: string;
	tokens: ReadonlyArray<{ word: string; at: number }>;
}

/** Patterns that say the same thing; the notation is that of rules/pattern.ts. */
export interface CueFamily {
	patterns: readonly string[];
	/** Where one of these covers a match, it does not count. */
	not?: readonly string[];
	/** Three words before a match that hold a negation make it void. */
	negatable?: boolean;
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

/** A pattern in one of the lists, and the beginnings of which its first word has one; null where the index compares the word. */
interface Entry {
	list: number;
	pattern: Pattern;
	beginnings: string[] | null;
}

const file = (map: Map<string, Entry[]>, key: string, entry: Entry): void => {
	const entries = map.get(key);
	if (entries === undefined) map.set(key, [entry]);
	else if (!entries.some(({ pattern }) => pattern === entry.pattern)) entries.push(entry);
};

/** Finds the patterns of many lists in one walk over the words: of thousands only those that begin with a word are tried at it. */
function finder(lists: ReadonlyArray<readonly string[]>): (line: Line) => Array<Range[] | undefined> {
	const byWord = new Map<string, Entry[]>();
	const byBeginning = new Map<string, Entry[]>();
	const anywhere: Entry[] = [];
	const anchored: Entry[] = [];
	lists.forEach((notations, list) => {
		for (const notation of notations) {
			const pattern = compile(notation, WORDS);
			const beginnings = pattern.heads?.filter((head) => head.endsWith('*')).map((head) => head.slice(0, -1)) ?? [];
			if (pattern.anchored) anchored.push({ list, pattern, beginnings: null });
			else if (pattern.heads === null) anywhere.push({ list, pattern, beginnings: null });
			else if (beginnings.some((beginning) => beginning.length < HEAD_LETTERS)) {
				anywhere.push({ list, pattern, beginnings: pattern.heads.map((head) => head.replace(/\*$/u, '')) });
			} else {
				for (const head of pattern.heads) {
					if (head.endsWith('*')) file(byBeginning, head.slice(0, HEAD_LETTERS), { list, pattern, beginnings });
					else file(byWord, head, { list, pattern, beginnings: null });
				}
			}
		}
	});
	return ({ text, tokens }) => {
		const found = new Array<Range[] | undefined>(lists.length);
		const attempt = (entries: readonly Entry[] | undefined, word: string, at: number): void => {
			if (entries === undefined) return;
			for (const { list, pattern, beginnings } of entries) {
				if (beginnings !== null && !beginnings.some((beginning) => word.startsWith(beginning))) continue;
				pattern.expression.lastIndex = at;
				if (pattern.expression.test(text)) (found[list] ??= []).push([at, pattern.expression.lastIndex]);
			}
		};
		tokens.forEach(({ word, at }, index) => {
			if (index === 0) attempt(anchored, word, at);
			attempt(byWord.get(word), word, at);
			attempt(byBeginning.get(word.slice(0, HEAD_LETTERS)), word, at);
			attempt(anywhere, word, at);
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

/** Families of patterns, ready to run: of each family the cues that a line holds. */
export function cueFinder(families: readonly CueFamily[]): (line: Line) => Cue[][] {
	const find = finder(families.map(({ patterns }) => patterns));
	const except = families.map(({ not }) => (not === undefined ? null : finder([not])));
	return (line) => {
		const found = find(line);
		return families.map(({ negatable }, family) => {
			const ranges = found[family];
			if (ranges === undefined) return [];
			const exceptions = except[family]?.(line)[0] ?? [];
			return apart(
				ranges
					.filter(([from, to]) => !exceptions.some(([start, end]) => start < to && from < end))
					.filter(([from]) => negatable !== true || !negated(line.text, from)),
			).map(([from, to]) => ({ at: from, evidence: shortened(line.text.slice(from, to)) }));
		});
	};
}
