import { canonicalSha256 } from '../agents';
import { CRITERION_WEIGHTS, LEVEL } from './defaults';
import { CHECKS, type CheckCode, type Criterion } from './checks';
import { rounded, sum } from './statistics';

export const CRITERIA = Object.keys(CRITERION_WEIGHTS) as Criterion[];

/** Changes with every word of the rubric: verdicts of another one are verdicts about something else. */
export const RUBRIC_VERSION = `r${canonicalSha256({ checks: CHECKS, weights: CRITERION_WEIGHTS, level: LEVEL }).slice(0, 12)}`;

export const ANSWERS = ['yes', 'no', 'na'] as const;
export type Answer = (typeof ANSWERS)[number];

/** One check answered, with the turns that show it. */
export interface CheckAnswer {
	answer: Answer;
	turns: number[];
}

export type Answers = Partial<Record<CheckCode, CheckAnswer>>;
/** 1 to 5 each; null where no check applied. */
export type Levels = Record<Criterion, number | null>;

export const checksOf = (criterion: Criterion): CheckCode[] =>
	(Object.keys(CHECKS) as CheckCode[]).filter((code) => CHECKS[code].criterion === criterion);

/** The share of checks passed, on the scale of 1 to 5; what did not apply drops out. */
export function levelOf(criterion: Criterion, answers: Answers): number | null {
	const applied = checksOf(criterion).filter((code) => (answers[code]?.answer ?? 'na') !== 'na');
	if (applied.length === 0) return null;
	const passed = applied.filter((code) => answers[code]?.answer === 'yes').length;
	return LEVEL.lowest + (LEVEL.range * passed) / applied.length;
}

export const levelsOf = (answers: Answers): Levels =>
	Object.fromEntries(CRITERIA.map((criterion) => [criterion, levelOf(criterion, answers)])) as Levels;

/** The weighted mean of the criteria that applied: their weights fill the place of those that did not. */
export function overallOf(levels: Levels): number | null {
	const applied = CRITERIA.filter((criterion) => levels[criterion] !== null);
	const weight = sum(applied.map((criterion) => CRITERION_WEIGHTS[criterion]));
	if (weight === 0) return null;
	return rounded(sum(applied.map((criterion) => CRITERION_WEIGHTS[criterion] * levels[criterion]!)) / weight, 6);
}
