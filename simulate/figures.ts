import { randomOf } from './random';
import type { RunSettings, SeedResult } from './run';

/** A figure over all seeds, with its 95 % interval. */
export interface Figure {
	name: string;
	value: number;
	low: number;
	high: number;
	/** What it must reach in this setting, where something is promised of it. */
	atMost?: number;
	atLeast?: number;
	reached: boolean;
}

type Of = (results: readonly SeedResult[]) => number;

const sum = (results: readonly SeedResult[], of: (result: SeedResult) => number): number =>
	results.reduce((total, result) => total + of(result), 0);
const mean = (results: readonly SeedResult[], of: (result: SeedResult) => number): number =>
	results.length === 0 ? 0 : sum(results, of) / results.length;
const share = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);

/** Shares and changes, 0.01 for one percent. */
const FIGURES = {
	falsePositives: (results) => mean(results, ({ none, loop }) => loop.falsePositives / none.falsePositives - 1),
	conversions: (results) => mean(results, ({ none, loop }) => loop.conversions / none.conversions - 1),
	conversionsInAll: (results) => mean(results, ({ none, loop }) => loop.conversionsInAll / none.conversionsInAll - 1),
	recall: (results) => mean(results, ({ none, loop }) => (loop.found - none.found) / none.qualified),
	hotPrecision: (results) => mean(results, ({ loop }) => share(loop.found, loop.found + loop.falsePositives)),
	hotPrecisionBefore: (results) => mean(results, ({ none }) => share(none.found, none.found + none.falsePositives)),
	hotVolume: (results) => mean(results, ({ none, loop }) => loop.hot / none.hot - 1),
	oracleFalsePositives: (results) =>
		mean(results, ({ none, oracle }) => oracle.falsePositives / none.falsePositives - 1),
	oracleConversions: (results) => mean(results, ({ none, oracle }) => oracle.conversions / none.conversions - 1),
	reachedRollout: (results) =>
		share(
			sum(results, (one) => one.rollouts),
			sum(results, (one) => one.proposals),
		),
	promoted: (results) =>
		share(
			sum(results, (one) => one.promoted),
			sum(results, (one) => one.rollouts),
		),
	rolledBack: (results) =>
		share(
			sum(results, (one) => one.rolledBack),
			sum(results, (one) => one.rollouts),
		),
	breakersOpen: (results) =>
		share(
			sum(results, (one) => one.breakersOpen),
			sum(results, (one) => one.tenants),
		),
} satisfies Record<string, Of>;
export type FigureName = keyof typeof FIGURES;

type Promise = Partial<Record<FigureName, { atMost?: number; atLeast?: number }>>;

/** What is promised of these settings; of others nothing is. */
export function promisesOf({ naive, aa, injectPastGate, judge, perDay }: RunSettings): Promise {
	if (naive) return {};
	if (aa) return { promoted: { atMost: 0.05 }, rolledBack: { atMost: 0.2 } };
	if (judge === 'adversarial')
		return injectPastGate
			? { promoted: { atMost: 0 }, breakersOpen: { atLeast: 0.8 }, conversions: { atLeast: -0.01 } }
			: { reachedRollout: { atMost: 0.01 }, conversions: { atLeast: -0.01 } };
	if (judge === 'noisy' || injectPastGate) return {};
	if (perDay >= 120) return { falsePositives: { atMost: -0.3 }, conversions: { atLeast: 0.06 } };
	if (perDay >= 40) return { falsePositives: { atMost: -0.12 }, conversions: { atLeast: -0.01 } };
	return {};
}

const RESAMPLES = 2_000;

/** Every figure with a bootstrap interval over the seeds, and whether it is what was promised. */
export function figuresOf(results: readonly SeedResult[], settings: RunSettings): Figure[] {
	const promises = promisesOf(settings);
	const random = randomOf('bootstrap', results.length);
	const drawn = Array.from({ length: RESAMPLES }, () =>
		results.map(() => results[Math.floor(random.next() * results.length)]),
	);
	return (Object.keys(FIGURES) as FigureName[]).map((name) => {
		const of: Of = FIGURES[name];
		const value = of(results);
		const sorted = drawn.map(of).sort((a, b) => a - b);
		const { atMost, atLeast } = promises[name] ?? {};
		return {
			name,
			value,
			low: sorted[Math.floor(0.025 * RESAMPLES)],
			high: sorted[Math.floor(0.975 * RESAMPLES)],
			atMost,
			atLeast,
			reached: (atMost === undefined || value <= atMost) && (atLeast === undefined || value >= atLeast),
		};
	});
}
