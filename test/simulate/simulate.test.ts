import { figuresOf, promisesOf, type FigureName } from '../../simulate/figures';
import { main } from '../../simulate/index';
import { runSeed, type RunSettings, type SeedResult } from '../../simulate/run';

const SMALL: RunSettings = {
	seed: 1,
	tenants: 2,
	days: 90,
	perDay: 40,
	judge: 'good',
	naive: false,
	injectPastGate: false,
	aa: false,
};
const figures = (settings: Partial<RunSettings>): { result: SeedResult; value: (name: FigureName) => number } => {
	const run = { ...SMALL, ...settings };
	const result = runSeed(run);
	const of = new Map(figuresOf([result], run).map((figure) => [figure.name, figure.value]));
	return { result, value: (name) => of.get(name)! };
};

test('the same seed writes the same log of events, another seed another', () => {
	const short = { days: 40, tenants: 1 };
	const { sha256 } = figures(short).result;
	expect(figures(short).result.sha256).toBe(sha256);
	expect(figures({ ...short, seed: 2 }).result.sha256).not.toBe(sha256);
});

test('a good judge finds a change that helps, and the gate lets it through', () => {
	const { result, value } = figures({ perDay: 80, tenants: 1 });
	expect(result.promoted).toBeGreaterThan(0);
	expect(value('falsePositives')).toBeLessThan(-0.12);
	expect(value('conversions')).toBeGreaterThan(0);
});

test('nothing that an adversarial judge wants reaches a rollout', () => {
	const { result, value } = figures({ judge: 'adversarial' });
	expect(result.proposals).toBeGreaterThan(10);
	expect(value('reachedRollout')).toBe(0);
	expect(value('conversions')).toBe(0);
});

test('past the gate nothing of it is promoted, and the breaker opens', () => {
	const { value } = figures({ judge: 'adversarial', injectPastGate: true, days: 150 });
	expect(value('promoted')).toBe(0);
	expect(value('breakersOpen')).toBeGreaterThanOrEqual(0.8);
	expect(value('conversions')).toBeGreaterThanOrEqual(-0.01);
});

test('a copy of what is live is hardly ever promoted or taken back', () => {
	const { result, value } = figures({ aa: true, days: 150, tenants: 4 });
	expect(result.rollouts).toBeGreaterThan(8);
	expect(value('promoted')).toBeLessThanOrEqual(0.1);
	expect(value('rolledBack')).toBeLessThanOrEqual(0.3);
});

test.each(['good', 'adversarial'] as const)(
	'the outline without safeguards loses conversions with a %s judge',
	(judge) => {
		const { value } = figures({ naive: true, judge });
		expect(value('conversions')).toBeLessThan(-0.1);
	},
);

test('each promise is held against its setting alone', () => {
	expect(promisesOf(SMALL)).toEqual({ falsePositives: { atMost: -0.12 }, conversions: { atLeast: -0.01 } });
	expect(promisesOf({ ...SMALL, perDay: 120 })).toEqual({
		falsePositives: { atMost: -0.3 },
		conversions: { atLeast: 0.06 },
	});
	expect(promisesOf({ ...SMALL, perDay: 39 })).toEqual({});
	expect(promisesOf({ ...SMALL, naive: true })).toEqual({});
	const result = runSeed({ ...SMALL, days: 10, tenants: 1 });
	const missed = figuresOf([result], SMALL).filter(({ reached }) => !reached);
	expect(missed.map(({ name }) => name)).toEqual(['falsePositives']);
});

test('the command ends with one JSON line and with 1 where a figure is missed', async () => {
	const written: string[] = [];
	const write = jest.spyOn(process.stdout, 'write').mockImplementation((text) => written.push(String(text)) > 0);
	const run = async (...args: string[]): Promise<number> =>
		await main(['--seeds', '1', '--tenants', '1', '--days', '10', '--json', ...args]);
	try {
		expect(await run('--per-day', '40')).toBe(1);
		expect(await run('--per-day', '20')).toBe(0);
	} finally {
		write.mockRestore();
	}
	expect(written).toHaveLength(2);
	expect(JSON.parse(written[0])).toMatchObject({ missed: ['falsePositives'], reached: false });
	expect(JSON.parse(written[1])).toMatchObject({ missed: [], reached: true, settings: { seeds: 1, perDay: 20 } });
	await expect(run('--judge', 'kind')).rejects.toThrow('--judge is good, noisy or adversarial, not "kind".');
	await expect(run('--days', '0')).rejects.toThrow('--days is a whole number from 1, not "0".');
});
