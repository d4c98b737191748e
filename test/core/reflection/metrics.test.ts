import {
	atEqualVolume,
	delayCurve,
	horizonOf,
	personaMetrics,
	personaScore,
	wilson,
	type MaturedLead,
} from '../../../core/reflection';
import { seeded } from '../../faults/support/seeded';

let serial = 0;
const lead = (changes: Partial<MaturedLead>): MaturedLead => ({
	leadKey: `l${(serial += 1)}`,
	y: 0,
	score: 50,
	isHot: false,
	treated: changes.isHot ?? false,
	propensity: 1,
	...changes,
});
const many = (n: number, changes: Partial<MaturedLead>): MaturedLead[] =>
	Array.from({ length: n }, () => lead(changes));

test('precision, recall, false positives and negatives per 1,000, conversion: by hand', () => {
	const leads = [
		...many(30, { isHot: true, y: 1 }),
		...many(20, { isHot: true, y: 0 }),
		// One in twenty below the threshold was treated as HOT: each stands for twelve at most.
		...many(2, { treated: true, propensity: 0.05, y: 1 }),
		...many(8, { treated: true, propensity: 0.05, y: 0 }),
		...many(140, { y: 0 }),
	];
	const metrics = personaMetrics(leads, 's');
	expect(metrics).toMatchObject({
		leads: 200,
		hot: 50,
		falsePositives: 20,
		falseNegatives: 2,
		falsePositivesPer1000: 100,
		falseNegativesPer1000: 120,
		explored: 10,
	});
	expect(metrics.precision).toMatchObject({ value: 0.6, n: 50 });
	expect(metrics.recall.value).toBeCloseTo(30 / (30 + 24), 4);
	expect(metrics.falsePositiveRate.value).toBeCloseTo(20 / (20 + 96), 4);
	expect(metrics.conversion.value).toBeCloseTo(32 / 200, 4);
	expect(metrics.precision.low).toBeCloseTo(wilson(30, 50, 0.8416).low, 3);
	// The weighted ones are wider than a count would be, and reproducible.
	expect(metrics.recall.high - metrics.recall.low).toBeGreaterThan(0.1);
	expect(personaMetrics(leads, 's')).toEqual(metrics);
});

test('nothing known is no metric, and no division by nothing', () => {
	const metrics = personaMetrics([], 's');
	expect(metrics.precision).toEqual({ value: null, low: 0, high: 1, n: 0 });
	expect(metrics.falsePositivesPer1000).toBeNull();
	expect(personaMetrics(many(5, { isHot: true, y: 1, treated: false }), 's').precision.value).toBeNull();
});

test('weights by propensity find the recall of everybody where the explored are drawn by chance', () => {
	const random = seeded(5, 0);
	let found = 0;
	const rounds = 60;
	for (let round = 0; round < rounds; round++) {
		const leads = Array.from({ length: 1_500 }, () => {
			const isHot = random.chance(0.3);
			const explored = !isHot && random.chance(0.1);
			return lead({
				isHot,
				treated: isHot || explored,
				propensity: isHot ? 1 : explored ? 0.1 : 0.9,
				y: random.chance(isHot ? 0.5 : 0.1) ? 1 : 0,
			});
		});
		found += personaMetrics(leads, `r${round}`).recall.value! / rounds;
	}
	// .3 x .5 over .3 x .5 + .7 x .1.
	expect(found).toBeCloseTo(0.15 / 0.22, 1);
}, 120_000);

test('fewer HOT leads are no fewer false positives: versions are compared at equal volume', () => {
	const leads = Array.from({ length: 100 }, (_, i) =>
		lead({ score: i, isHot: i >= 80, treated: i >= 80, y: i >= 90 ? 1 : 0, leadKey: `k${String(i).padStart(3, '0')}` }),
	);
	const { volume, candidate, incumbent } = atEqualVolume(leads, ({ score }) => (score < 90 ? score / 10 : score), 's');
	expect(volume).toBe(20);
	expect(candidate.hot).toBe(20);
	expect(candidate.falsePositives).toBe(incumbent.falsePositives);
});

test('the composite is 45/35/20 of the lower bounds against their targets', () => {
	const leads = [...many(30, { isHot: true, y: 1 }), ...many(20, { isHot: true }), ...many(50, {})];
	const metrics = personaMetrics(leads, 's');
	const score = personaScore(metrics, { low: 3, high: 4 }, { precision: 0.8, conversion: 0.4 });
	const expected =
		0.45 * 5 * Math.min(1, metrics.precision.low / 0.8) +
		0.35 * 5 * Math.min(1, metrics.conversion.low / 0.4) +
		0.2 * 3;
	expect(score.score).toBeCloseTo(expected, 2);
	expect(score.high).toBeGreaterThan(score.low);
	const unjudged = personaScore(metrics, null, { precision: 0.8, conversion: 0.4 });
	expect(unjudged).toMatchObject({ response: null });
	expect(unjudged.score).toBeCloseTo((expected - 0.6) / 0.8, 2);
});

test('the delay curve counts who is still open for as long as they were watched', () => {
	// Textbook case: deaths at 1, 3, 4 of 5 with one censored at 2.
	const curve = delayCurve([
		{ days: 1, won: true },
		{ days: 2, won: false },
		{ days: 3, won: true },
		{ days: 4, won: true },
		{ days: 5, won: false },
	]);
	expect(curve.map(({ days, share }) => [days, Number(share.toFixed(4))])).toEqual([
		[1, 0.2],
		[3, 0.4667],
		[4, 0.7333],
	]);
});

test('the horizon is where the curve reaches 80 % of its plateau, from 7 to 30 days; few conversions take the longest', () => {
	const wins = (days: (i: number) => number, n: number) => [
		...Array.from({ length: n }, (_, i) => ({ days: days(i), won: true })),
		...Array.from({ length: 200 }, () => ({ days: 90, won: false })),
	];
	expect(horizonOf(wins((i) => (i + 1) / 5, 100))).toBe(16);
	expect(horizonOf(wins(() => 1, 100))).toBe(7);
	expect(horizonOf(wins((i) => i, 90))).toBe(30);
	expect(horizonOf(wins(() => 1, 19))).toBe(30);
	expect(horizonOf([])).toBe(30);
	// A roll-out that runs keeps its measure.
	expect(
		horizonOf(
			wins(() => 1, 100),
			21,
		),
	).toBe(21);
});
