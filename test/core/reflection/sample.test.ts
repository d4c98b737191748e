import { drawSample, type Candidate } from '../../../core/reflection';
import { seeded } from '../../faults/support/seeded';

const population = (discordant: number, lowMargin: number, rest: number): Candidate[] =>
	Array.from({ length: discordant + lowMargin + rest }, (_, i) => ({
		id: `c${i}`,
		leadKey: `l${i}`,
		discordant: i < discordant,
		lowMargin: i >= discordant && i < discordant + lowMargin,
	}));
const count = (sample: ReturnType<typeof drawSample>, stratum: string): number =>
	sample.drawn.filter((one) => one.stratum === stratum).length;

test('sixty: 40 % discordant, 20 % close calls, 30 % spread over all, 10 % golden', () => {
	const sample = drawSample(
		population(200, 200, 600),
		Array.from({ length: 20 }, (_, i) => `g${i}`),
		{ seed: 's' },
	);
	expect(sample.drawn.length + sample.golden.length).toBe(60);
	expect(sample.golden).toHaveLength(6);
	// 24 and a fifth of the 18 uniform ones; 12 and a fifth; the rest.
	expect(count(sample, 'discordant')).toBe(27);
	expect(count(sample, 'low_margin')).toBe(16);
	expect(count(sample, 'rest')).toBe(11);
	expect(sample.drawn.find(({ stratum }) => stratum === 'discordant')!.inclusion).toBe(27 / 200);
});

test('a small stratum gives what it has, and its places go to the others; nobody is drawn twice', () => {
	const sample = drawSample(population(3, 0, 500), [], { seed: 's' });
	expect(count(sample, 'discordant')).toBe(3);
	expect(count(sample, 'rest')).toBe(57);
	expect(new Set(sample.drawn.map(({ id }) => id)).size).toBe(60);
	expect(drawSample(population(1, 1, 5), [], { seed: 's' }).drawn.every(({ inclusion }) => inclusion === 1)).toBe(true);
	expect(drawSample([], [], { seed: 's' }).drawn).toEqual([]);
});

test('the same seed draws the same people in whatever order they come, another seed others', () => {
	const people = population(50, 50, 200);
	const ids = (seed: string, from = people): string[] =>
		drawSample(from, [], { seed })
			.drawn.map(({ id }) => id)
			.sort();
	expect(ids('a', [...people].reverse())).toEqual(ids('a'));
	expect(ids('b')).not.toEqual(ids('a'));
});

test('everybody has a chance above zero, and the inclusion probabilities add up to the places (300 drawn populations)', () => {
	const random = seeded(3, 1);
	for (let round = 0; round < 300; round++) {
		const people = population(random.below(80), random.below(80), random.below(300));
		const { drawn, population: strata } = drawSample(people, [], { seed: `s${round}` });
		expect(drawn.length).toBe(Math.min(60, people.length));
		for (const stratum of ['discordant', 'low_margin', 'rest'] as const)
			expect(drawn.some((one) => one.stratum === stratum)).toBe(strata[stratum] > 0);
	}
});

test('over many seeds each is drawn as often as its inclusion probability says, so that the weighted mean is unbiased', () => {
	const people = population(30, 30, 240);
	const value = (id: string): number => (Number(id.slice(1)) < 30 ? 1 : 4);
	const truth = people.reduce((total, { id }) => total + value(id), 0) / people.length;
	let mean = 0;
	const rounds = 400;
	for (let seed = 0; seed < rounds; seed++) {
		const { drawn } = drawSample(people, [], { seed: String(seed) });
		mean += drawn.reduce((total, { id, inclusion }) => total + value(id) / inclusion, 0) / people.length / rounds;
	}
	expect(mean).toBeCloseTo(truth, 6);
});
