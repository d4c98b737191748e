import { armOf, guardrailsHit, sampleRatio, volumeReport, type ArmHealth } from '../../../core/rollouts';

const arm = (leadKey: string, share: number, salt = 'salt') => armOf({ salt, tenantId: 'tenant', leadKey, share });
const people = Array.from({ length: 4_000 }, (_, i) => `whatsapp:55119${i}`);

describe('arms', () => {
	test('a person keeps the arm, and a raised share only adds people to the candidate', () => {
		const at10 = people.filter((person) => arm(person, 0.1) === 'candidate');
		const at50 = new Set(people.filter((person) => arm(person, 0.5) === 'candidate'));
		expect(at10.length / people.length).toBeCloseTo(0.1, 1);
		expect(at50.size / people.length).toBeCloseTo(0.5, 1);
		expect(at10.every((person) => at50.has(person))).toBe(true);
		expect(arm('p', 0)).toBe('incumbent');
		expect(arm('p', 1)).toBe('candidate');
	});

	test('another rollout deals the same people anew', () => {
		const both = people.filter(
			(person) => arm(person, 0.5) === 'candidate' && arm(person, 0.5, 'other') === 'candidate',
		);
		expect(both.length / people.length).toBeCloseTo(0.25, 1);
	});
});

describe('sample ratio', () => {
	test('arms as planned pass, over stages of different shares', () => {
		const { mismatch, expectedCandidates } = sampleRatio([
			{ share: 0.1, incumbent: 905, candidate: 95 },
			{ share: 0.5, incumbent: 490, candidate: 510 },
		]);
		expect(mismatch).toBe(false);
		expect(expectedCandidates).toBe(600);
	});

	test('lost people show, and few people say nothing', () => {
		const { mismatch, pValue } = sampleRatio([{ share: 0.5, incumbent: 600, candidate: 500 }]);
		expect(mismatch).toBe(false);
		// Chi-square 9.09 with one degree of freedom.
		expect(pValue).toBeCloseTo(0.00257, 4);
		expect(sampleRatio([{ share: 0.5, incumbent: 600, candidate: 480 }]).mismatch).toBe(true);
		expect(sampleRatio([{ share: 0.1, incumbent: 30, candidate: 0 }]).mismatch).toBe(false);
	});
});

describe('guardrails', () => {
	const well: ArmHealth = {
		people: 100,
		answers: 200,
		policyViolations: 0,
		complaints: 2,
		handoffFailures: 0,
		errors: 2,
		p95LatencyMs: 4_000,
		costPerLead: 0.002,
	};
	test.each<[string, Partial<ArmHealth>, string[]]>([
		['all as before', {}, []],
		['one violated policy', { policyViolations: 1 }, ['policy_violation']],
		['five complaints against two', { complaints: 5 }, ['complaints']],
		['four complaints against two', { complaints: 4 }, []],
		['a handoff that failed', { handoffFailures: 1 }, ['handoff_failure']],
		['more than 5 % errors', { errors: 11 }, ['errors']],
		['half as slow again', { p95LatencyMs: 6_001 }, ['latency']],
		['half as dear again', { costPerLead: 0.0031 }, ['cost']],
		['slow, but only a handful of answers', { p95LatencyMs: 9_000, answers: 5, errors: 0 }, []],
	])('%s', (_, change, hit) => {
		expect(guardrailsHit(well, { ...well, ...change })).toEqual(hit);
	});

	test('three complaints are needed even where the incumbent has none', () => {
		const calm = { ...well, complaints: 0 };
		expect(guardrailsHit(calm, { ...calm, complaints: 2 })).toEqual([]);
		expect(guardrailsHit(calm, { ...calm, complaints: 3 })).toEqual(['complaints']);
	});
});

describe('low volume', () => {
	test('says which loss would be noticed, and when', () => {
		const { enough, detectable } = volumeReport({ hotPerWeek: 70, precision: 0.4, share: 0.5 });
		expect(enough).toBe(true);
		const fifteen = detectable.find(({ drop }) => drop === 0.15)!;
		// Measured median: 140 leads.
		expect(fifteen.leads).toBeGreaterThan(100);
		expect(fifteen.leads).toBeLessThan(180);
		expect(fifteen.days).toBe(Math.ceil(fifteen.leads! / 10));
		expect(fifteen.inTime).toBe(true);
		expect(detectable.find(({ drop }) => drop === 0.05)!.inTime).toBe(false);
	});

	test('too few HOT leads are left to people, and a precision of 10 % cannot fall by 15 points', () => {
		const { enough, detectable } = volumeReport({ hotPerWeek: 19, precision: 0.1, share: 0.1 });
		expect(enough).toBe(false);
		expect(detectable.find(({ drop }) => drop === 0.15)).toMatchObject({ leads: null, days: null, inTime: false });
	});
});
