import { readWorld, streamOf } from '../../simulate/world';

const { world, frozen, sha256 } = readWorld();

test('the world is the one that was frozen before the loop was tuned', () => {
	expect({ sha256, frozen }).toEqual({ sha256, frozen: true });
});

test('the world starts where the published simulation did: a persona that is half right, and room above it', () => {
	const precisions = { persona: 0, oracle: 0, qualified: 0, hot: 0 };
	const TENANTS = 8;
	for (let tenant = 0; tenant < TENANTS; tenant++) {
		const stream = streamOf(world, 1, tenant, 20, 120);
		const leads = [...stream.facts.keys()];
		const precision = (score: (i: number) => number): number => {
			const hot = leads.sort((a, b) => score(b) - score(a)).slice(0, stream.count * world.hotCapacity);
			return hot.filter((i) => stream.qualified[i] === 1).length / hot.length;
		};
		precisions.persona += precision((i) => stream.facts[i].score) / TENANTS;
		precisions.oracle += precision((i) => stream.truth[i]) / TENANTS;
		precisions.qualified += stream.qualified.reduce((sum, is) => sum + is, 0) / stream.count / TENANTS;
		precisions.hot +=
			stream.facts.filter(({ score }) => score >= world.persona.hotFrom).length / stream.count / TENANTS;
	}
	expect(precisions.persona).toBeCloseTo(0.47, 1);
	expect(precisions.oracle).toBeCloseTo(0.74, 1);
	expect(precisions.qualified).toBeCloseTo(0.26, 1);
	expect(precisions.hot).toBeCloseTo(0.25, 1);
});

test('the same seed draws the same leads, another seed others', () => {
	const drawn = (seed: number): string => JSON.stringify(streamOf(world, seed, 3, 2, 40));
	expect(drawn(5)).toBe(drawn(5));
	expect(drawn(5)).not.toBe(drawn(6));
});
