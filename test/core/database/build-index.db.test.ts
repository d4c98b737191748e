import { ensureSchema, migrate, migrationStatus, type Database } from '../../../core/database';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { openPatiently } from '../../support/factory';
import { folderWith } from '../../support/migrations-folder';
import { temporaryFolder } from '../../support/temporary-folder';
import { waitFor } from '../../support/wait-for';

const root = temporaryFolder();
let test_: TestDatabase;
let opened: Database[];

beforeEach(async () => {
	test_ = await createTestDatabase();
	opened = [];
});
afterEach(async () => {
	await Promise.all(opened.map(async ({ pool }) => await pool.end()));
	await test_.drop();
});

const open = (): Database => {
	const database = openPatiently(test_.connectionString);
	opened.push(database);
	return database;
};

const file = (statement: string): { folder: string; name: string } =>
	folderWith(
		root,
		'by_name',
		`-- breaking: no\n-- transaction: none\n-- People are looked for by name.\n\n${statement}\n`,
	);
const INDEX = 'create index concurrently contacts_by_name on contacts (tenant_id, lower(full_name));';

/** Whether the index is there, and whole. */
const indexState = async (): Promise<boolean[]> =>
	(
		await test_.admin.query<{ valid: boolean }>(
			`select indisvalid as valid from pg_index where indexrelid = to_regclass('agent_factory.contacts_by_name')`,
		)
	).rows.map(({ valid }) => valid);

test('20 processes that start together build the index once', async () => {
	const { folder, name } = file(INDEX);
	const logs: string[] = [];
	const results = await Promise.all(
		Array.from({ length: 20 }, async () => await migrate(open(), { folder, log: (line) => logs.push(line) })),
	);
	expect(results.flat()).toEqual([name]);
	// Whoever starts after the end finds nothing to wait for.
	expect(logs.filter((line) => line.includes('another process applied it')).length).toBeGreaterThan(0);
	expect(await indexState()).toEqual([true]);
	expect(await migrationStatus(open(), folder)).toMatchObject({ pending: [], unfinished: [] });
});

test('nodes work while it is built; writers go on; the one who builds holds it until it is done', async () => {
	const { folder, name } = file(INDEX);
	const slow = await test_.admin.connect();
	try {
		// The build waits for every transaction that has written to the table.
		await slow.query('begin; lock table agent_factory.contacts in row exclusive mode');
		const building = migrate(open(), { folder });
		await waitFor(async () => (await migrationStatus(open(), folder)).unfinished.length > 0);
		await waitFor(async () => (await indexState()).length > 0);
		expect(await indexState()).toEqual([false]);
		const status = await migrationStatus(open(), folder);
		expect([status.pending.map((one) => one.name), status.unfinished]).toEqual([[name], [name]]);
		await expect(ensureSchema(open())).resolves.toBeUndefined();
		await open().pool.query('update agent_factory.contacts set full_name = full_name');
		const second = migrate(open(), { folder });
		await slow.query('commit');
		expect([await building, await second]).toEqual([[name], []]);
	} finally {
		slow.release();
	}
	expect(await indexState()).toEqual([true]);
});

/** What a process leaves that died while it built: an invalid index and a claim. */
async function leaveHalfDone(folder: string, claimedFor: string): Promise<void> {
	const holder = await test_.admin.connect();
	try {
		await holder.query('begin; lock table agent_factory.contacts in row exclusive mode');
		const building = migrate(open(), { folder }).catch((error: unknown) => error);
		await waitFor(async () => (await indexState()).length > 0);
		await test_.admin.query(
			`select pg_terminate_backend(pid) from pg_stat_activity where datname = $1 and query like 'create index concurrently%'`,
			[test_.name],
		);
		await building;
		await holder.query('rollback');
	} finally {
		holder.release();
	}
	await test_.admin.query(
		`update agent_factory.schema_migrations set claimed_until = clock_timestamp() + $1::interval where claimed_by is not null`,
		[claimedFor],
	);
}

test('what a broken-off build left is dropped and built again, and told until then', async () => {
	const { folder, name } = file(INDEX);
	await leaveHalfDone(folder, '-1 second');
	expect(await indexState()).toEqual([false]);
	expect((await migrationStatus(open(), folder)).unfinished).toEqual([name]);
	expect(await migrate(open(), { folder })).toEqual([name]);
	expect(await indexState()).toEqual([true]);
});

test('a claim that has not run out is waited for', async () => {
	const { folder, name } = file(INDEX);
	await leaveHalfDone(folder, '2 seconds');
	const { rows } = await test_.admin.query<{ until: Date }>(
		'select claimed_until as until from agent_factory.schema_migrations where claimed_until is not null',
	);
	expect(await migrate(open(), { folder })).toEqual([name]);
	const after = await test_.admin.query<{ later: boolean }>(
		'select applied_at > $1 as later from agent_factory.schema_migrations where name = $2',
		[rows[0].until, name],
	);
	expect(after.rows).toEqual([{ later: true }]);
});

test('a build that fails says why, and may be tried again at once', async () => {
	const { folder, name } = file('create unique index concurrently contacts_by_name on contacts (tenant_id, (true));');
	await test_.admin.query(`
		insert into agent_factory.tenants (name, slug) values ('a', 'a');
		insert into agent_factory.contacts (tenant_id) select id from agent_factory.tenants, generate_series(1, 2)`);
	await expect(migrate(open(), { folder })).rejects.toThrow();
	expect(await indexState()).toEqual([false]);
	await test_.admin.query('delete from agent_factory.contacts');
	expect(await migrate(open(), { folder })).toEqual([name]);
	expect(await indexState()).toEqual([true]);
});

test.each([
	['two statements', `${INDEX}\n${INDEX}`],
	['a build that holds up writers', 'create index contacts_by_name on contacts (tenant_id);'],
	['another statement', 'vacuum contacts;'],
])('%s outside a transaction is refused', async (_what, statement) => {
	await expect(migrate(open(), file(statement))).rejects.toMatchObject({ code: 'MIGRATION_INVALID' });
});
