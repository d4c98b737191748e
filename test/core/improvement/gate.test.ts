import { offlineGate, splitOf, type GateInput, type GatePair } from '../../../core/improvement/gate';
import { seeded } from '../rollouts/support';

/** Leads of which `skill` of the candidate's choice follows the truth; the incumbent's choice follows it weakly. */
function leads(n: number, skill: number, seed = 3, over: Partial<GatePair> = {}): GatePair[] {
	const random = seeded(seed);
	return Array.from({ length: n }, (_, i) => {
		const worth = random();
		return {
			leadKey: `lead${i}`,
			won: random() < worth * 0.6,
			propensity: 1,
			incumbentHot: 0.3 * worth + 0.7 * random() > 0.68,
			candidateScore: skill * worth + (1 - skill) * random(),
			stratum: i % 3 === 0 ? 'instagram' : 'whatsapp',
			...over,
		};
	});
}
const gate = (pairs: GatePair[], over: Partial<GateInput> = {}) =>
	offlineGate({ pairs, breakEvenPrecision: 0.3, queryThisYear: 1, ...over });
const rowOf = (result: ReturnType<typeof gate>, metric: string) => result.table.find((row) => row.metric === metric)!;

describe('the gate passes', () => {
	test('a candidate that finds more of the wins among as many calls', () => {
		const result = gate(leads(600, 0.9));
		expect(result).toMatchObject({ verdict: 'pass', reasons: [], labelled: 600 });
		expect(result.z).toBeGreaterThan(result.requiredZ);
		const volume = rowOf(result, 'hot_volume');
		expect(volume.candidate).toBe(volume.incumbent);
		expect(rowOf(result, 'recall').candidate).toBeGreaterThan(rowOf(result, 'recall').incumbent);
		expect(rowOf(result, 'false_positives_per_1000').candidate).toBeLessThan(
			rowOf(result, 'false_positives_per_1000').incumbent,
		);
	});

	test('hardly ever one that is as good as the incumbent, over all queries of a year', () => {
		let passed = 0;
		const YEARS = 40;
		for (let year = 0; year < YEARS; year++) {
			const passes = Array.from({ length: 12 }, (_, i) =>
				gate(leads(300, 0.3, year * 100 + i), { queryThisYear: i + 1 }),
			);
			if (passes.some(({ verdict }) => verdict === 'pass')) passed++;
		}
		expect(passed / YEARS).toBeLessThanOrEqual(0.1);
	});
});

describe('the gate rejects', () => {
	test('a worse candidate, by every figure', () => {
		const { verdict, reasons } = gate(leads(600, -0.5));
		expect(verdict).toBe('reject');
		expect(reasons).toEqual(['gain_not_shown', 'recall_may_fall', 'more_false_positives']);
	});

	test('a gain that is enough for the first query of a year and not for the fortieth', () => {
		const pairs = leads(400, 0.62, 5);
		const first = gate(pairs);
		const fortieth = gate(pairs, { queryThisYear: 40 });
		expect(first.verdict).toBe('pass');
		expect(fortieth.requiredZ).toBeGreaterThan(4);
		expect(fortieth.z).toBe(first.z);
		expect(fortieth.reasons).toEqual(['gain_not_shown']);
	});

	test('one that gains on the whole and loses a channel', () => {
		const spoilt = leads(1_200, 0.95).map((pair) =>
			pair.stratum === 'instagram' ? { ...pair, candidateScore: pair.won ? -1 : pair.candidateScore } : pair,
		);
		expect(gate(spoilt).reasons).toContain('a_stratum_loses');
	});

	test('promises that drift from what happens', () => {
		const promised = leads(600, 0.9).map((pair) => ({
			...pair,
			incumbentProbability: 0.3,
			candidateProbability: pair.candidateScore > 0.5 ? 0.95 : 0.05,
		}));
		expect(gate(promised).reasons).toEqual(['worse_calibrated']);
	});

	test('a candidate that costs over a fifth more', () => {
		expect(gate(leads(600, 0.9), { costFactor: 1.21 }).reasons).toEqual(['too_expensive']);
		expect(gate(leads(600, 0.9), { costFactor: 1.2 }).verdict).toBe('pass');
	});
});

describe('the gate asks for more data', () => {
	test('below 120 labelled people', () => {
		expect(gate(leads(119, 0.9))).toMatchObject({ verdict: 'needs_data', reasons: ['too_few_labelled'] });
	});

	test('below ten leads that are treated differently: a copy changes nothing', () => {
		const copies = leads(600, 0.9).map((pair) => ({ ...pair, candidateScore: pair.incumbentHot ? 1 : 0 }));
		expect(gate(copies)).toMatchObject({ verdict: 'needs_data', reasons: ['too_few_discordant'], discordant: 0, z: 0 });
	});

	test('with no leads at all', () => {
		expect(gate([])).toMatchObject({ verdict: 'needs_data', candidateThreshold: null });
	});
});

test('one person has one vote, the last one', () => {
	const pairs = leads(600, 0.9);
	const often = [...pairs.slice(0, 50).flatMap((pair) => Array(5).fill({ ...pair, won: !pair.won })), ...pairs];
	expect(gate(often as GatePair[])).toEqual(gate(pairs));
});

test('an explored lead weighs for those like it, twelvefold at most', () => {
	const pairs = leads(600, 0.9);
	const explored = (propensity: number) => pairs.map((pair, i) => (i % 20 === 0 ? { ...pair, propensity } : pair));
	expect(gate(explored(0.05)).z).not.toBe(gate(pairs).z);
	expect(gate(explored(0.05))).toEqual(gate(explored(0.001)));
});

test('where scores tie at the threshold the candidate calls fewer people, never more', () => {
	const coarse = leads(600, 0.9).map((pair) => ({ ...pair, candidateScore: Math.round(pair.candidateScore * 4) / 4 }));
	const volume = rowOf(gate(coarse), 'hot_volume');
	expect(volume.candidate).toBeLessThanOrEqual(volume.incumbent);
});

describe('splits', () => {
	const now = new Date('2026-06-01T00:00:00Z');
	const old = new Date('2026-01-01T00:00:00Z');
	const keys = Array.from({ length: 5_000 }, (_, i) => `person${i}`);
	const share = (at: Date, split: string): number =>
		keys.filter((key) => splitOf('tenant', key, at, now) === split).length / keys.length;

	test('three of five people are for proposing, the others for judging', () => {
		expect(share(old, 'propose')).toBeCloseTo(0.6, 1);
		expect(share(old, 'gate')).toBeCloseTo(0.4, 1);
		expect(share(old, 'vault')).toBe(0);
	});

	test('a tenth of the newest quarter is for people alone, and a person never changes sides', () => {
		expect(share(now, 'vault')).toBeCloseTo(0.1, 1);
		for (const key of keys) {
			const recent = splitOf('tenant', key, now, now);
			if (recent !== 'vault') expect(splitOf('tenant', key, old, now)).toBe(recent);
		}
	});
});
