import { randomUUID } from 'node:crypto';
import { migrate, openDatabase, runDoctor, type Database } from '../../../core/database';
import { inTenant } from '../../../core/tenancy';
import { emptyDatabase, type TestDatabase } from '../../support/database';
import { createSupabase, type Run, type Supabase } from '../../support/supabase';
import { openDoors, reachRows, sampleRows } from './isolation-attempts';
import { readFunctions, readRelations, type Party, type Relation, type SqlFunction } from './isolation-catalogue';
import { liveThrough } from './isolation-story';

let test_: TestDatabase;
let supabase: Supabase;
let owner: Database;
let relations: Relation[];
let doors: SqlFunction[];
let attacker: Party;
let victim: Party;
let samples: Map<string, unknown>;

beforeAll(async () => {
	test_ = await emptyDatabase();
	supabase = await createSupabase(test_);
	owner = openDatabase({ connectionString: supabase.ownerUrl });
	await migrate(owner);
	const { anon, authenticated, serviceRole } = supabase;
	// docs/operations.md, "Supabase"; inherit is the default where the role inherits, and said aloud from 16 on.
	await owner.pool.query(`grant agent_factory_runtime to ${authenticated}`);
	// What Supabase's manual lets people run to expose a schema of their own.
	await owner.pool.query(`grant usage on schema agent_factory to ${anon}, ${authenticated}, ${serviceRole}`);
	relations = await readRelations(test_.admin);
	doors = (await readFunctions(test_.admin)).filter(({ isDoor, isTrigger }) => isDoor && !isTrigger);
	attacker = await liveThrough(owner, test_.admin, '551190000000');
	victim = await liveThrough(owner, test_.admin, '551198000000');
	samples = await sampleRows(test_.admin, relations, victim);
}, 120_000);
afterAll(async () => {
	await owner.pool.end();
	await supabase.drop();
	await test_.drop();
});

const claimsOf = (appMetadata: unknown, more: object = {}): string =>
	JSON.stringify({ role: 'authenticated', sub: randomUUID(), app_metadata: appMetadata, ...more });

/** Rows that one request counts, a relation; a refusal counts as its code. */
async function countAll(run: Run): Promise<Record<string, unknown>> {
	const counts: Record<string, unknown> = {};
	for (const { name } of relations) {
		await run('savepoint look');
		counts[name] = await run(`select count(*)::int as n from agent_factory.${name}`).then(
			(rows) => rows[0].n,
			({ code }: { code: string }) => code,
		);
		await run('rollback to savepoint look');
	}
	return counts;
}

test("a signed-in user of one tenant reaches every row of it and none of another's", async () => {
	const found = await supabase.request(
		supabase.authenticated,
		claimsOf({ tenant_id: attacker.tenantId }),
		async (run) => await reachRows(run, relations, attacker, victim, samples),
	);
	expect(found).toEqual([]);
	expect(relations.length).toBeGreaterThan(25);
});

test.each([
	['no claims at all', () => undefined],
	['empty claims', () => ''],
	['an empty object', () => '{}'],
	['null', () => 'null'],
	['a list', () => '[1]'],
	['app_metadata that is a text', () => claimsOf('tenant')],
	['an unknown tenant', () => claimsOf({ tenant_id: randomUUID() })],
	['a number as tenant', () => claimsOf({ tenant_id: 7 })],
	['an object as tenant', () => claimsOf({ tenant_id: { id: victim.tenantId } })],
	['SQL as tenant', () => claimsOf({ tenant_id: `${victim.tenantId}' or true --` })],
	['two tenants in one text', () => claimsOf({ tenant_id: `${victim.tenantId}\n${attacker.tenantId}` })],
	['metadata that users write themselves', () => claimsOf({}, { user_metadata: { tenant_id: victim.tenantId } })],
	['a tenant beside the metadata', () => claimsOf({}, { tenant_id: victim.tenantId })],
	[
		'metadata that looks like the claim',
		() => claimsOf({ name: `"},"app_metadata":{"tenant_id":"${victim.tenantId}"` }),
	],
])('with %s a signed-in user sees no row, and no error', async (_what, claims) => {
	const seen = await supabase.request(supabase.authenticated, claims(), countAll);
	expect(Object.entries(seen).filter(([, n]) => n !== 0)).toEqual([]);
});

test('claims that are no JSON are refused', async () => {
	const seen = await supabase.request(supabase.authenticated, 'garbage', countAll);
	expect([...new Set(Object.values(seen))]).toEqual(['22P02']);
});

test('a visitor who is not signed in sees no row, whatever the claims say', async () => {
	for (const claims of [undefined, claimsOf({ tenant_id: victim.tenantId })]) {
		const seen = await supabase.request(supabase.anon, claims, countAll);
		expect(Object.entries(seen).filter(([, n]) => n !== 0)).toEqual([]);
	}
});

test.each(['anon', 'authenticated'] as const)('no door opens for %s', async (kind) => {
	const claims = claimsOf({ tenant_id: attacker.tenantId });
	expect(await supabase.request(supabase[kind], claims, async (run) => await openDoors(run, doors))).toEqual([]);
	expect(doors.length).toBeGreaterThan(5);
});

const OUTSIDE = `
	select c.relname || ' ' || a.privilege_type as what from pg_class c, aclexplode(c.relacl) a
		where c.relnamespace = 'agent_factory'::regnamespace and a.grantee = $1::regrole
			and (c.relkind = 'S' or c.relname = 'schema_migrations' or a.privilege_type in ('TRUNCATE', 'REFERENCES', 'TRIGGER'))`;

test('default privileges leave nobody outside the ledger, a sequence, or what row level security does not hold back', async () => {
	for (const role of [supabase.anon, supabase.authenticated, supabase.serviceRole])
		expect((await test_.admin.query(OUTSIDE, [role])).rows).toEqual([]);
});

test("a transaction of the pack keeps its own tenant, whatever claims the connection's session carries", async () => {
	const one = openDatabase({ connectionString: supabase.ownerUrl, maxConnections: 1 });
	try {
		await one.pool.query(`select set_config('request.jwt.claims', $1, false)`, [
			claimsOf({ tenant_id: victim.tenantId }),
		]);
		const rows = await inTenant(one, attacker.tenantId, async (db) => await db.all('select id from tenants'));
		expect(rows).toEqual([{ id: attacker.tenantId }]);
	} finally {
		await one.pool.end();
	}
});

test('the doctor names a door that somebody opened, with the statement that shuts it', async () => {
	const grants = async (): Promise<string | null | undefined> =>
		(await runDoctor(owner)).find(({ check, level }) => check === 'grants' && level === 'problem')?.repair;
	expect(await grants()).toBeUndefined();
	await test_.admin.query(`grant execute on function agent_factory.due_work() to ${supabase.authenticated}`);
	const claims = claimsOf({ tenant_id: attacker.tenantId });
	expect(
		await supabase.request(supabase.authenticated, claims, async (run) => await openDoors(run, doors)),
	).not.toEqual([]);
	const repair = await grants();
	expect(repair).toContain(`revoke all on function agent_factory.due_work() from ${supabase.authenticated}`);
	await test_.admin.query(repair as string);
	expect(await grants()).toBeUndefined();
});
