import { LEVEL, PASS_LEVEL, TRUST, Z95 } from './defaults';
import { CRITERIA, overallOf, type Levels } from './rubric';
import { clip, mean, rounded, type Interval } from './statistics';

/** A conversation that people have scored, and what the judge said of it. */
export interface GoldenVerdict {
	/** Levels of people, settled where two differ. */
	people: Levels;
	/** Levels of each vote of the judge. */
	votes: Levels[];
	/** The judge's settled levels. */
	judge: Levels;
	overall: { people: number | null; judge: number | null };
}

export const DISTRUST = ['too_few_items', 'low_agreement', 'mean_shift', 'flips', 'model_changed'] as const;
export type Distrust = (typeof DISTRUST)[number];

export interface Calibration {
	items: number;
	/** Agreement beyond chance on levels 1 to 5, near misses counting less. Null: nothing to agree on. */
	kappa: number | null;
	/** Judge minus people, in levels. */
	meanShift: number | null;
	/** Share of items judged more than once that pass by one vote and fail by another. Null: none was. */
	flipRate: number | null;
	passRate: PassRate | null;
	trusted: boolean;
	reasons: Distrust[];
}

export interface PassRate extends Interval {
	/** As the judge counts. */
	raw: number;
	/** As people would have counted. */
	corrected: number;
}

const step = (level: number): number => Math.min(LEVEL.lowest + LEVEL.range, Math.max(LEVEL.lowest, Math.round(level)));

/** Cohen's kappa with quadratic weights over the five levels. */
export function weightedKappa(pairs: ReadonlyArray<readonly [number, number]>): number | null {
	const n = pairs.length;
	if (n === 0) return null;
	const steps = pairs.map(([a, b]) => [step(a), step(b)] as const);
	const count = (side: 0 | 1, level: number): number => steps.filter((pair) => pair[side] === level).length;
	const levels = Array.from({ length: LEVEL.range + 1 }, (_, index) => LEVEL.lowest + index);
	const observed = steps.reduce((total, [a, b]) => total + (a - b) ** 2, 0) / n;
	let expected = 0;
	for (const a of levels) for (const b of levels) expected += ((a - b) ** 2 * count(0, a) * count(1, b)) / n ** 2;
	if (expected === 0) return observed === 0 ? 1 : 0;
	return 1 - observed / expected;
}

/**
 * The pass rate that people would have found, from the judge's and from how often it errs (Lee et al., 2511.21140), with an interval
 * that carries the error of the calibration set. Null where the judge is no better than chance.
 */
export function correctedPassRate(counts: {
	passed: number;
	of: number;
	/** Of what people failed, how much the judge failed too. */
	specific: { hits: number; of: number };
	/** Of what people passed, how much the judge passed too. */
	sensitive: { hits: number; of: number };
	z?: number;
}): PassRate | null {
	const { passed, of, specific, sensitive, z = Z95 } = counts;
	if (of === 0 || specific.of === 0 || sensitive.of === 0) return null;
	const raw = passed / of;
	const better = specific.hits / specific.of + sensitive.hits / sensitive.of - 1;
	const q0 = (specific.hits + 1) / (specific.of + 2);
	const q1 = (sensitive.hits + 1) / (sensitive.of + 2);
	const slope = q0 + q1 - 1;
	if (better <= 0 || slope <= 0) return null;
	const p = (passed + z ** 2 / 2) / (of + z ** 2);
	const theta = (p + q0 - 1) / slope;
	const v0 = (q0 * (1 - q0)) / (specific.of + 2);
	const v1 = (q1 * (1 - q1)) / (sensitive.of + 2);
	const shift = 2 * z ** 2 * (-(1 - theta) * v0 + theta * v1);
	const error = Math.sqrt((p * (1 - p)) / (of + z ** 2) + (1 - theta) ** 2 * v0 + theta ** 2 * v1) / slope;
	return {
		raw: rounded(raw),
		corrected: rounded(clip((raw + specific.hits / specific.of - 1) / better)),
		low: rounded(clip(theta + shift - z * error)),
		high: rounded(clip(theta + shift + z * error)),
	};
}

/** What a judge is worth against people. `overalls` are the judge's scores of the population whose pass rate is asked for. */
export function calibrate(
	golden: readonly GoldenVerdict[],
	{ overalls = [], modelChanged = false }: { overalls?: readonly number[]; modelChanged?: boolean } = {},
): Calibration {
	const pairs = golden.flatMap(({ people, judge }) =>
		CRITERIA.flatMap((criterion) =>
			people[criterion] === null || judge[criterion] === null ? [] : [[people[criterion], judge[criterion]] as const],
		),
	);
	const kappa = weightedKappa(pairs);
	const meanShift = pairs.length === 0 ? null : mean(pairs.map(([people, judge]) => judge - people));
	const repeated = golden.filter(({ votes }) => votes.length > 1);
	const flipRate = repeated.length === 0 ? null : repeated.filter(flips).length / repeated.length;
	const reasons: Distrust[] = [
		...(golden.length < TRUST.items ? (['too_few_items'] as const) : []),
		...(kappa === null || kappa < TRUST.kappa ? (['low_agreement'] as const) : []),
		...(meanShift !== null && Math.abs(meanShift) > TRUST.meanShift ? (['mean_shift'] as const) : []),
		...(flipRate !== null && flipRate > TRUST.flipRate ? (['flips'] as const) : []),
		...(modelChanged ? (['model_changed'] as const) : []),
	];
	return {
		items: golden.length,
		kappa: kappa === null ? null : rounded(kappa),
		meanShift: meanShift === null ? null : rounded(meanShift),
		flipRate: flipRate === null ? null : rounded(flipRate),
		passRate: passRateOf(golden, overalls),
		trusted: reasons.length === 0,
		reasons,
	};
}

/** The votes do not agree whether the conversation passes. */
const flips = ({ votes }: GoldenVerdict): boolean =>
	new Set(
		votes
			.map(overallOf)
			.filter((overall) => overall !== null)
			.map((overall) => overall >= PASS_LEVEL),
	).size > 1;

function passRateOf(golden: readonly GoldenVerdict[], overalls: readonly number[]): PassRate | null {
	const both = golden.flatMap(({ overall: { people, judge } }) =>
		people === null || judge === null ? [] : [{ people: people >= PASS_LEVEL, judge: judge >= PASS_LEVEL }],
	);
	const passed = both.filter(({ people }) => people);
	const failed = both.filter(({ people }) => !people);
	return correctedPassRate({
		passed: overalls.filter((overall) => overall >= PASS_LEVEL).length,
		of: overalls.length,
		specific: { hits: failed.filter(({ judge }) => !judge).length, of: failed.length },
		sensitive: { hits: passed.filter(({ judge }) => judge).length, of: passed.length },
	});
}
