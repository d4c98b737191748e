import { FLOOR } from '../../../core/practices/defaults';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { seeded } from '../rollouts/support';
import { NEXT_STEP } from './support';

/** Sets of tenants that are tried, each with every one of its tenants left out. */
const SETS = 100;
let test_: TestDatabase;

beforeAll(async () => {
	test_ = await createTestDatabase();
});
afterAll(async () => await test_.drop());

const OPERATIONS = [
	NEXT_STEP,
	{ op: 'set_threshold', shift: 3 },
	{ op: 'config_change', model: null, maxTokens: null, effort: 'low' },
];

interface Evidence {
	tenantId: string;
	operation: object;
	leads: number;
	rate: number;
	effect: number;
	variance: number;
}

interface Practice {
	operation: { op: string };
	supported: boolean;
	worth_it: boolean;
	members: Record<string, number>;
	[figure: string]: unknown;
}

/** Tenants of all sizes: many just around the floors, and now and then one that outweighs all others. */
function tenantsOf(random: () => number): Evidence[] {
	const n = 3 + Math.floor(random() * 8);
	return Array.from({ length: n }, (_, i) => i).flatMap((i) => {
		const tenantId = `00000000-0000-4000-8000-${String(i).padStart(12, '0')}`;
		return OPERATIONS.filter(() => random() < 0.8).map((operation) => ({
			...{ tenantId, operation, rate: random(), effect: random() * 0.3 - 0.05, variance: random() * 0.002 },
			leads: random() < 0.1 ? 50_000 : 180 + Math.floor(random() * (random() < 0.5 ? 50 : 3_000)),
		}));
	});
}

const COMBINE = `select s.n::integer as n, (select coalesce(jsonb_agg(to_jsonb(c)), '[]') from combine_practices(s.evidence, $2) c) as practices
	from jsonb_array_elements($1) with ordinality s(evidence, n) order by s.n`;

async function combine(sets: Evidence[][]): Promise<Practice[][]> {
	const client = await test_.admin.connect();
	try {
		await client.query('set search_path = agent_factory');
		const { rows } = await client.query<{ practices: Practice[] }>(COMBINE, [
			JSON.stringify(sets),
			JSON.stringify(FLOOR),
		]);
		return rows.map(({ practices }) => practices);
	} finally {
		await client.query('reset search_path');
		client.release();
	}
}

const keyOf = ({ operation }: { operation: object }): string =>
	JSON.stringify(operation, Object.keys(operation).sort());
/** What somebody outside sees of a practice. */
const published = (practices: Practice[]): Map<string, string> =>
	new Map(
		practices
			.filter(({ worth_it }) => worth_it)
			.map(({ members: _, supported: __, ...figures }) => [keyOf(figures), JSON.stringify(figures)]),
	);
/** Support as the terms count it: tenants with enough leads. */
const support = (evidence: Evidence[], key: string): number =>
	evidence.filter((row) => keyOf(row) === key && row.leads >= FLOOR.leads).length;

test('with and without any one tenant, what is published differs only where both sides stay above the floor', async () => {
	const random = seeded(20261122);
	const whole = Array.from({ length: SETS }, () => tenantsOf(random));
	const pairs = whole.flatMap((evidence) =>
		[...new Set(evidence.map(({ tenantId }) => tenantId))].map((left) => ({
			evidence,
			without: evidence.filter(({ tenantId }) => tenantId !== left),
		})),
	);
	const all = await combine([...whole, ...pairs.map(({ without }) => without)]);
	const ofWhole = new Map(whole.map((evidence, i) => [evidence, all[i]]));
	let [differing, same, kept] = [0, 0, 0];
	for (const [i, { evidence, without }] of pairs.entries()) {
		const [before, after] = [published(ofWhole.get(evidence)!), published(all[SETS + i])];
		for (const key of new Set([...before.keys(), ...after.keys()])) {
			const sides = [support(evidence, key), support(without, key)];
			if (before.get(key) === after.get(key)) same++;
			else {
				differing++;
				expect(Math.min(...sides)).toBeGreaterThanOrEqual(FLOOR.tenants);
			}
			if (before.has(key) && after.has(key)) kept++;
		}
	}
	// The sets are such that all of it happens often.
	expect([differing, same, kept].every((n) => n > 50)).toBe(true);
	expect(all.flat().filter(({ supported }) => !supported).length).toBeGreaterThan(50);
});

test('no tenant weighs more than 40 % of the evidence, however large it is', async () => {
	const random = seeded(7);
	const others = Array.from({ length: 6 }, (_, i) => ({
		...{ tenantId: `00000000-0000-4000-8000-00000000000${i}`, operation: NEXT_STEP },
		...{ leads: 250, rate: 0, effect: 0, variance: 0 },
	}));
	// Only what it weighs shows in the mean of what it alone has.
	const giant = (n: number) => ({ ...others[0], tenantId: `00000000-0000-4000-8000-00000000009${n}`, rate: 1 });
	const sets = Array.from({ length: 60 }, () => Math.floor(200 + random() ** 4 * 1_000_000)).flatMap((leads) => [
		[...others, { ...giant(1), leads }],
		[...others, { ...giant(1), leads }, { ...giant(2), leads: 2_000_000, rate: 0 }],
	]);
	const rates = (await combine(sets)).map(([practice]) => Number(practice.source_rate));
	expect(Math.max(...rates)).toBe(40);
	expect(Math.min(...rates)).toBeLessThan(20);
});

test('a floor can be asked higher by whoever calls, never lower', async () => {
	const evidence = Array.from({ length: 6 }, (_, i) => ({
		...{ tenantId: `00000000-0000-4000-8000-00000000000${i}`, operation: NEXT_STEP },
		...{ leads: 250, rate: 0.5, effect: 0.2, variance: 0.0001 },
	}));
	const supported = async (rows: Evidence[], floor: object): Promise<boolean> =>
		(
			await test_.admin.query('select bool_or(supported) as yes from agent_factory.combine_practices($1, $2)', [
				JSON.stringify(rows),
				JSON.stringify(floor),
			])
		).rows[0].yes ?? false;
	expect(await supported(evidence, FLOOR)).toBe(true);
	expect(await supported(evidence, { tenants: 6, leads: 200 })).toBe(false);
	expect(await supported(evidence, { tenants: 5, leads: 300 })).toBe(false);
	expect(await supported(evidence.slice(1), { tenants: 1, leads: 1 })).toBe(false);
	const few = evidence.map((row) => ({ ...row, leads: 199 }));
	expect(await supported(few, { tenants: 1, leads: 1 })).toBe(false);
});
