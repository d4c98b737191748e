import {
	readMigrations,
	ensureSchema,
	migrate,
	migrationStatus,
	openDatabase,
	runDoctor,
	type Database,
	type Migration,
} from '../../../core/database';
import { emptyDatabase, type TestDatabase } from '../../support/database';

let test_: TestDatabase;
let opened: Database[];

beforeEach(async () => {
	test_ = await emptyDatabase();
	opened = [];
});
afterEach(async () => {
	await Promise.all(opened.map(async ({ pool }) => await pool.end()));
	await test_.drop();
});

const open = (changes: { connectionString?: string; schema?: string } = {}): Database => {
	const database = openDatabase({ connectionString: test_.connectionString, ...changes });
	opened.push(database);
	return database;
};

test('20 processes that start together apply each migration once', async () => {
	const results = await Promise.all(Array.from({ length: 20 }, async () => await migrate(open())));
	const names = (await readMigrations()).map(({ name }) => name);
	expect(results.flat().sort()).toEqual(names);
	expect((await migrationStatus(open())).pending).toEqual([]);
});

test('another schema stands beside the first one', async () => {
	await migrate(open());
	await migrate(open({ schema: 'second' }));
	await expect(ensureSchema(open({ schema: 'second' }))).resolves.toBeUndefined();
	const drift = (await runDoctor(open({ schema: 'second' }))).find(({ check }) => check === 'drift');
	expect(drift?.level).toBe('ok');
});

test('an ordinary login that may create roles can migrate, and becomes what it needs', async () => {
	const name = `owner_${Date.now().toString(36)}`;
	await test_.admin.query(`create role ${name} login createrole password 'owner'`);
	// The roles are the cluster's: whoever made them first lends them to a second owner.
	await test_.admin
		.query(`do $$ declare r text; begin foreach r in array array['agent_factory_runtime', 'agent_factory_service', 'agent_factory_doors'] loop
		begin execute format('create role %I nologin noinherit', r); exception when duplicate_object or unique_violation then null; end;
		execute format('grant %I to ${name} with admin option', r); end loop; end $$; grant create on database "${test_.name}" to ${name}`);
	const url = new URL(test_.directUrl);
	url.username = name;
	url.password = 'owner';
	const database = open({ connectionString: url.toString() });
	await migrate(database);
	const problems = (await runDoctor(database)).filter(({ level }) => level !== 'ok');
	expect(problems).toEqual([]);
	const { rows } = await database.pool.query('select * from agent_factory.list_tenants(null, 10, 0)');
	expect(rows).toEqual([]);
	await database.pool.end();
	opened = opened.filter((other) => other !== database);
	await test_.admin.query(
		`drop owned by ${name} cascade; revoke agent_factory_runtime, agent_factory_service, agent_factory_doors from ${name}`,
	);
	await test_.admin.query(`drop owned by agent_factory_doors cascade; drop role if exists ${name}`);
});

test('a file that changed after it was applied is refused by name', async () => {
	const database = open();
	await migrate(database);
	await test_.admin.query(`update agent_factory.schema_migrations set checksum = 'other' where version = 3`);
	await expect(migrate(database)).rejects.toMatchObject({
		code: 'MIGRATION_CHANGED',
		message: expect.stringContaining('0003_conversations.sql'),
	});
});

test('nodes refuse a schema that is missing, too old, or newer and breaking', async () => {
	await expect(ensureSchema(open())).rejects.toMatchObject({ code: 'SCHEMA_MISSING' });
	const database = open();
	await migrate(database);
	const last = (await readMigrations()).at(-1) as Migration;
	await test_.admin.query('delete from agent_factory.schema_migrations where version = $1', [last.version]);
	await expect(ensureSchema(open())).rejects.toMatchObject({
		code: 'SCHEMA_TOO_OLD',
		message: expect.stringContaining(last.name),
	});
	await test_.admin.query(
		`insert into agent_factory.schema_migrations values ($1, $2, $3, false, now()), ($1 + 1, 'later.sql', 'x', true, now())`,
		[last.version, last.name, last.checksum],
	);
	await expect(ensureSchema(open())).rejects.toMatchObject({ code: 'SCHEMA_NEWER' });
	await expect(migrate(open())).rejects.toMatchObject({ code: 'SCHEMA_NEWER' });
});
