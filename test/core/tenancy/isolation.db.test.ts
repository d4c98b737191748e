import { Client } from 'pg';
import { migrate, type Database } from '../../../core/database';
import { createTestDatabase, emptyDatabase, type TestDatabase } from '../../support/database';
import { databaseFor, dropDatabase, openPatiently } from '../../support/factory';
import { createLogins, LOGIN_KINDS, type LoginKind, type TestLogins } from '../../support/logins';
import { poolerAvailable, startPgbouncer, testWithPooler, type Pooler } from '../../support/pgbouncer';
import { idsOf } from './isolation-arguments';
import { inTenantThenBack, openDoors, reachByReference, reachRows, sampleRows } from './isolation-attempts';
import { idleFunctions, installProbe, misuseFunctions, type Targets } from './isolation-calls';
import {
	isOf,
	readFunctions,
	readLooseReferences,
	readRelations,
	type Party,
	type Relation,
	type SqlFunction,
} from './isolation-catalogue';
import { ACTS_BY_CHANCE, IDLE } from './isolation-named';
import { liveThrough } from './isolation-story';

let test_: TestDatabase;
let logins: TestLogins;
let pooler: Pooler | undefined;
let opened: Map<string, Database>;
let relations: Relation[];
let closed: SqlFunction[];
let callable: SqlFunction[];
let attacker: Party;
let victim: Party;
let samples: Map<string, unknown>;
let targets: Targets;

const WAYS = ['directly', 'through pgbouncer'] as const;
type Way = (typeof WAYS)[number];
const CASES = LOGIN_KINDS.flatMap((kind) => WAYS.map((way) => ({ kind, way })));

function databaseOf(kind: LoginKind, way: Way): Database {
	const key = `${kind} ${way}`;
	const database =
		opened.get(key) ?? openPatiently(way === 'directly' ? logins.url[kind] : pooler!.urlOf(logins.url[kind]));
	opened.set(key, database);
	return database;
}

beforeAll(async () => {
	opened = new Map();
	test_ = await emptyDatabase();
	logins = await createLogins(test_);
	if (poolerAvailable()) pooler = await startPgbouncer(Object.values(logins.url), { poolSize: 2 });
	const owner = databaseOf('owner', 'directly');
	await migrate(owner);
	await installProbe(test_.admin);
	relations = await readRelations(test_.admin);
	const functions = (await readFunctions(test_.admin)).filter(({ isTrigger }) => !isTrigger);
	// secure_schema belongs to whoever migrates.
	const isClosed = (fn: SqlFunction): boolean => fn.isDoor || fn.name === 'secure_schema';
	closed = functions.filter(isClosed);
	callable = functions.filter((fn) => !isClosed(fn));
	attacker = await liveThrough(owner, test_.admin, '551190000000');
	victim = await liveThrough(owner, test_.admin, '551198000000');
	samples = await sampleRows(test_.admin, relations, victim);
	targets = { admin: test_.admin, relations, ids: await idsOf(test_.admin, relations, victim) };
}, 240_000);
afterAll(async () => {
	await Promise.all([...opened.values()].map(async ({ pool }) => await pool.end()));
	await pooler?.stop();
	await logins.drop();
	await test_.drop();
});

test('the victim owns a row in every table and view', () => {
	expect(relations.map(({ name }) => name).filter((name) => !samples.has(name))).toEqual([]);
	expect(relations.length).toBeGreaterThan(25);
});

test('every table is under forced row level security, every view asks as its reader', async () => {
	const { rows } = await test_.admin.query(
		`select relname as name from pg_class where relnamespace = 'agent_factory'::regnamespace and relname <> 'schema_migrations' and (
			(relkind in ('r', 'p') and not (relrowsecurity and relforcerowsecurity))
			or (relkind = 'v' and not coalesce('security_invoker=true' = any (reloptions), false)) or relkind in ('m', 'f'))`,
	);
	expect(rows).toEqual([]);
});

test('the calls that are tried on the victim do something when the victim itself makes them', async () => {
	// All of them, so that an entry that is not needed any more is found too.
	const idle = await idleFunctions(databaseOf('owner', 'directly'), callable, victim, targets);
	expect(idle.filter((name) => !ACTS_BY_CHANCE.includes(name))).toEqual(Object.keys(IDLE));
}, 240_000);

describe.each(CASES)('the login "$kind" $way, in a transaction of another tenant', ({ kind, way }) => {
	const check = way === 'directly' ? test : testWithPooler;

	check('reaches no row of the victim through any table or view', async () => {
		const findings = await inTenantThenBack(
			databaseOf(kind, way),
			attacker.tenantId,
			async (run) => await reachRows(run, relations, attacker, victim, samples),
		);
		expect(findings).toEqual([]);
	});

	check("sees nothing more by pointing its own rows at the victim's", async () => {
		const references = await readLooseReferences(test_.admin);
		const found = await inTenantThenBack(
			databaseOf(kind, way),
			attacker.tenantId,
			async (run) => await reachByReference(run, references, relations, attacker, victim, samples),
		);
		expect(found).toEqual([]);
	});

	check('is refused at every door', async () => {
		expect(
			await inTenantThenBack(databaseOf(kind, way), attacker.tenantId, async (run) => await openDoors(run, closed)),
		).toEqual([]);
		expect(closed.length).toBeGreaterThan(5);
	});

	check(
		"changes and learns nothing by calling functions with the victim's ids",
		async () => {
			expect(await misuseFunctions(databaseOf(kind, way), callable, attacker, victim, targets)).toEqual([]);
		},
		120_000,
	);
});

/** A connection of one login, as the runtime role, with or without claims; taken back at the end. */
async function asRuntime<T>(
	kind: LoginKind,
	claims: unknown,
	work: (run: (sql: string, values?: unknown[]) => Promise<Array<Record<string, unknown>>>) => Promise<T>,
): Promise<T> {
	const client = new Client({ connectionString: logins.url[kind] });
	await client.connect();
	try {
		await client.query('begin');
		if (claims) await client.query(`select set_config('request.jwt.claims', $1, true)`, [JSON.stringify(claims)]);
		await client.query('set local role agent_factory_runtime');
		return await work(async (sql, values) => (await client.query(sql, values)).rows);
	} finally {
		await client.end();
	}
}

describe.each(LOGIN_KINDS)('raw SQL of the login "%s"', (kind) => {
	test('as the runtime role without a tenant sees no row of anybody', async () => {
		const seen = await asRuntime(kind, null, async (run) => {
			const counts: Record<string, unknown> = {};
			for (const { name } of relations)
				counts[name] = (await run(`select count(*)::int as n from agent_factory.${name}`))[0].n;
			return counts;
		});
		expect(Object.entries(seen).filter(([, n]) => n !== 0)).toEqual([]);
	});

	test("with Supabase's claims sees its tenant and reaches nothing of the victim", async () => {
		const claims = { role: 'authenticated', app_metadata: { tenant_id: attacker.tenantId } };
		expect(
			await asRuntime(kind, claims, async (run) => await reachRows(run, relations, attacker, victim, samples)),
		).toEqual([]);
	});

	test('with claims that the user could write itself sees nothing', async () => {
		const claims = { role: 'authenticated', tenant_id: victim.tenantId, user_metadata: { tenant_id: victim.tenantId } };
		const seen = await asRuntime(kind, claims, async (run) => await run('select id from agent_factory.tenants'));
		expect(seen).toEqual([]);
	});
});

test('an ordinary login without the runtime role reads no row: the owner sees none, the plain one is refused', async () => {
	const outcomes = await Promise.all(
		relations.flatMap(({ name }) =>
			(['owner', 'plain'] as const).map(async (kind) => {
				const answer = await databaseOf(kind, 'directly')
					.pool.query(`select * from agent_factory.${name} limit 1`)
					.then(
						({ rows }) => `${rows.length} rows`,
						({ code }: { code: string }) => code,
					);
				return `${kind}: ${answer}`;
			}),
		),
	);
	expect([...new Set(outcomes)].sort()).toEqual(['owner: 0 rows', 'plain: 42501']);
	await expect(databaseOf('plain', 'directly').pool.query('set role agent_factory_doors')).rejects.toMatchObject({
		code: '42501',
	});
});

test('the check fails where it should: each policy opened in a scratch database is found', async () => {
	const scratch = await createTestDatabase();
	const database = databaseFor(scratch);
	try {
		const [one, other] = [
			await liveThrough(database, scratch.admin, '551197000000'),
			await liveThrough(database, scratch.admin, '551196000000'),
		];
		const rowsOf = await sampleRows(scratch.admin, relations, other);
		const look = async (some: Relation[]): Promise<string[]> =>
			await inTenantThenBack(database, one.tenantId, async (run) => await reachRows(run, some, one, other, rowsOf));
		const tables = relations.filter(({ isView }) => !isView);
		expect(await look(relations)).toEqual([]);
		for (const table of tables) {
			await scratch.admin.query(`drop policy tenant_isolation on agent_factory.${table.name};
				create policy tenant_isolation on agent_factory.${table.name} for all to agent_factory_runtime using (true) with check (true)`);
			const found = (await look([table])).map((finding) => finding.split(':')[0]);
			expect(found).toEqual(
				expect.arrayContaining(
					['read all of', 'read by key from', 'insert a copy into'].map((what) => `${what} ${table.name}`),
				),
			);
			expect(found).toEqual(expect.arrayContaining([expect.stringMatching(/^(update|take over|delete from) /)]));
		}
		const { rows } = await scratch.admin.query(
			`select count(*)::int as n from agent_factory.tenants where ${isOf({ ...tables[0], key: 'id' }, other)}`,
		);
		expect(rows[0].n).toBe(1);
	} finally {
		await dropDatabase(database, scratch);
	}
});
