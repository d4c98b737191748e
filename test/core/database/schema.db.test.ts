import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import {
	compareCatalogs,
	openDatabase,
	readCatalog,
	runDoctor,
	shippedCatalog,
	type Database,
} from '../../../core/database';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { dropDatabase } from '../../support/factory';

let test_: TestDatabase;
let database: Database;

beforeAll(async () => {
	test_ = await createTestDatabase();
	// Past a pooler, which the doctor would name.
	database = openDatabase({ connectionString: test_.directUrl });
});
afterAll(async () => await dropDatabase(database, test_));

test('migrations/schema.txt is what the migrations make (UPDATE_SCHEMA=1 writes it)', async () => {
	const live = await readCatalog(database);
	if (process.env.UPDATE_SCHEMA === '1')
		await writeFile(path.join(__dirname, '../../../migrations/schema.txt'), `${live.join('\n')}\n`);
	expect(compareCatalogs(await shippedCatalog(), live)).toEqual({ missing: [], unexpected: [] });
});

test('every table and function has a comment, every function pins its search_path', async () => {
	const { rows } = await test_.admin.query(`
		select 'table ' || c.relname as what from pg_class c
			where c.relnamespace = 'agent_factory'::regnamespace and c.relkind in ('r', 'v') and obj_description(c.oid, 'pg_class') is null
		union all select 'function ' || p.proname from pg_proc p
			where p.pronamespace = 'agent_factory'::regnamespace and (obj_description(p.oid, 'pg_proc') is null or not exists (
				select 1 from unnest(p.proconfig) c where c like 'search_path=%agent_factory%pg_temp%' or c like 'search_path=%agent_factory, pg_temp'))`);
	expect(rows).toEqual([]);
});

test('no function is open to everybody, and no door to the runtime role', async () => {
	const { rows } = await test_.admin.query(`
		select p.oid::regprocedure::text as what from pg_proc p where p.pronamespace = 'agent_factory'::regnamespace
			and (has_function_privilege('public', p.oid, 'execute') or (p.prosecdef and has_function_privilege('agent_factory_runtime', p.oid, 'execute')))`);
	expect(rows).toEqual([]);
});

const problems = async (): Promise<Record<string, string | null>> =>
	Object.fromEntries(
		(await runDoctor(database, { n8nVersion: '2.41.1' }))
			.filter(({ level }) => level !== 'ok')
			.map(({ check, repair }) => [check, repair]),
	);

test("the doctor finds a healthy schema healthy, and a superuser's login worth a word", async () => {
	expect(Object.keys(await problems())).toEqual(['login']);
	const older = await runDoctor(database, { n8nVersion: '2.9.4' });
	expect(older.find(({ check }) => check === 'n8n')?.level).toBe('warning');
});

test('the doctor names drift, a missing grant and a table without row level security, with the repair', async () => {
	await test_.admin.query(`
		alter table agent_factory.contacts drop column language;
		alter table agent_factory.messages no force row level security;
		revoke execute on function agent_factory.due_work() from agent_factory_service`);
	const found = await problems();
	expect(Object.keys(found).sort()).toEqual(['drift', 'grants', 'login', 'row_security']);
	expect(found.grants).toContain('grant execute on function agent_factory.due_work()');
	await test_.admin.query(found.grants as string);
	await test_.admin.query(found.row_security as string);
	expect(Object.keys(await problems()).sort()).toEqual(['drift', 'login']);
});
