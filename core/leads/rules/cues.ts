import { TEXT_BOUNDS } from '../defaults';
import { compile } from './pattern';
import { WORDS } from './vocabulary';

/** A family of patterns, ready to run. */
export interface CueSet {
	find(line: string): Cue[];
}

export interface Cue {
	/** Where in the line it begins. */
	at: number;
	/** The words that were found, cut to the length of an evidence. */
	evidence: string;
}

const NEGATION = / (?:nao|nunca|jamais|sem|not|dont|no|sin|never)(?: [^ .,?]+){0,2}$/u;
/** "não quero só saber, quero fechar": a negation of something less. */
const NOT_ONLY = / (?:so|apenas|somente|only|solo|mais esperar|perder tempo)(?= |$)/u;

const negated = (line: string, at: number): boolean => {
	const before = line.slice(Math.max(0, at - 40), at);
	return NEGATION.test(before) && !NOT_ONLY.test(before);
};

const shortened = (match: string): string =>
	match
		.replace(/ [.,?](?= |$)/gu, '')
		.trim()
		.split(' ')
		.slice(0, 4)
		.join(' ')
		.slice(0, TEXT_BOUNDS.evidence);

function ranges(expression: RegExp, line: string): Array<[number, number]> {
	return Array.from(line.matchAll(expression), (match) => [match.index, match.index + match[0].length]);
}

export function cueSet(set: { patterns: readonly string[]; not?: readonly string[]; negatable?: boolean }): CueSet {
	const expression = compile(set.patterns, WORDS);
	const exceptions = set.not === undefined ? null : compile(set.not, WORDS);
	return {
		find(line) {
			const found = ranges(expression, line);
			if (found.length === 0) return [];
			const void_ = exceptions === null ? [] : ranges(exceptions, line);
			return found
				.filter(([from, to]) => !void_.some(([start, end]) => start < to && from < end))
				.filter(([from]) => set.negatable !== true || !negated(line, from))
				.map(([from, to]) => ({ at: from, evidence: shortened(line.slice(from, to)) }));
		},
	};
}
