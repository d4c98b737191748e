import {
	calibrate,
	correctedPassRate,
	CRITERIA,
	weightedKappa,
	type GoldenVerdict,
	type Levels,
} from '../../../core/reflection';
import { seeded } from '../../faults/support/seeded';

const level = (value: number | null): Levels =>
	Object.fromEntries(CRITERIA.map((criterion) => [criterion, value])) as Levels;
const golden = (people: number, judge: number, votes: number[] = [judge]): GoldenVerdict => ({
	people: level(people),
	judge: level(judge),
	votes: votes.map(level),
	overall: { people, judge },
});
const spread = (n: number, judge: (people: number) => number): GoldenVerdict[] =>
	Array.from({ length: n }, (_, i) => golden(1 + (i % 5), judge(1 + (i % 5))));

test('kappa with quadratic weights: a hand-worked table', () => {
	// Six pairs, one a step off: observed 1/6, expected 4/3 (marginals 2,2,2 against 2,1,3 over levels 1 to 3).
	const kappa = weightedKappa([
		[1, 1],
		[1, 1],
		[2, 2],
		[2, 3],
		[3, 3],
		[3, 3],
	]);
	const expected = (2 * 1 * 1 + 2 * 3 * 4 + 2 * 2 * 1 + 2 * 3 * 1 + 2 * 2 * 4 + 2 * 1 * 1) / 36;
	expect(kappa).toBeCloseTo(1 - 1 / 6 / expected, 10);
	expect(weightedKappa([])).toBeNull();
	expect(weightedKappa([[3, 3]])).toBe(1);
	expect(weightedKappa([[3, 4]])).toBe(0);
});

test('a judge who agrees with people is trusted', () => {
	expect(calibrate(spread(40, (people) => people))).toMatchObject({
		kappa: 1,
		meanShift: 0,
		trusted: true,
		reasons: [],
	});
});

test.each([
	['too few golden items', spread(29, (people) => people), {}, 'too_few_items'],
	['no agreement', spread(40, (people) => 6 - people), {}, 'low_agreement'],
	['kinder than people', spread(40, (people) => Math.min(5, people + 0.4)), {}, 'mean_shift'],
	[
		'votes that flip',
		spread(40, (people) => people).map((item) => ({ ...item, votes: [level(5), level(1)] })),
		{},
		'flips',
	],
	['another model', spread(40, (people) => people), { modelChanged: true }, 'model_changed'],
])('a judge is untrusted: %s', (_, items, options, reason) => {
	const { trusted, reasons } = calibrate(items, options);
	expect(trusted).toBe(false);
	expect(reasons).toContain(reason);
});

test('the bias-corrected pass rate and its interval are those of the published reference', () => {
	// From the authors' code: point_estimator and confidence_interval with p=.7, q0=.8, q1=.9, n=200, m0=50, m1=50.
	const rate = correctedPassRate({
		passed: 140,
		of: 200,
		specific: { hits: 40, of: 50 },
		sensitive: { hits: 45, of: 50 },
	});
	expect(rate!.raw).toBe(0.7);
	expect(rate!.corrected).toBeCloseTo((0.7 + 0.8 - 1) / 0.7, 4);
	expect(rate!.low).toBeCloseTo(0.5842, 4);
	expect(rate!.high).toBeCloseTo(0.8639, 4);
});

test('a judge no better than chance corrects nothing', () => {
	expect(
		correctedPassRate({ passed: 1, of: 2, specific: { hits: 1, of: 2 }, sensitive: { hits: 1, of: 2 } }),
	).toBeNull();
	expect(
		correctedPassRate({ passed: 0, of: 0, specific: { hits: 1, of: 1 }, sensitive: { hits: 1, of: 1 } }),
	).toBeNull();
});

test('the 95 % interval covers the truth in at least 92 % of 1,000 drawn evaluations', () => {
	const random = seeded(9, 0);
	const draw = (share: number, n: number): number =>
		Array.from({ length: n }).filter(() => random.chance(share)).length;
	let covered = 0;
	for (let round = 0; round < 1_000; round++) {
		const truth = 0.2 + 0.6 * random.next();
		const p = truth * 0.85 + (1 - truth) * 0.2;
		const rate = correctedPassRate({
			passed: draw(p, 200),
			of: 200,
			specific: { hits: draw(0.8, 40), of: 40 },
			sensitive: { hits: draw(0.85, 40), of: 40 },
		});
		if (rate && rate.low <= truth && truth <= rate.high) covered += 1;
	}
	expect(covered).toBeGreaterThanOrEqual(920);
});
