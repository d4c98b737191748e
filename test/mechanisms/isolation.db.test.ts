import type { Database } from '../../core/database';
import { inTenant } from '../../core/tenancy';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { databaseFor, dropDatabase, makeTenant, type TestTenant } from '../support/factory';
import { rewritingClients } from './support/rewriting-clients';
import { showsTheBreak, withoutTrigger } from './support/weaken';

let test_: TestDatabase;
let database: Database;
let mine: TestTenant;
let theirs: TestTenant;

beforeAll(async () => {
	test_ = await createTestDatabase();
	database = databaseFor(test_);
	mine = await makeTenant(database);
	theirs = await makeTenant(database);
});
afterAll(async () => await dropDatabase(database, test_));

/** The channel accounts of the other tenant that a transaction of mine can see. */
const strangersSeen = async (through: Database): Promise<number> =>
	await inTenant(through, mine.id, async (db) => {
		const row = await db.one<{ n: number }>('select count(*)::int as n from channel_accounts where tenant_id = $1', [
			theirs.id,
		]);
		return row!.n;
	});

test('I5, the policies: without row level security a tenant reads the rows of another', async () => {
	await showsTheBreak({
		check: async () => await strangersSeen(database),
		holds: 0,
		remove: async () => {
			await test_.admin.query(
				'alter table agent_factory.channel_accounts no force row level security, disable row level security',
			);
			return async () =>
				void (await test_.admin.query(
					'alter table agent_factory.channel_accounts enable row level security, force row level security',
				));
		},
		breaks: 1,
	});
});

const SWITCH = /,\s*set_config\('role', 'agent_factory_runtime', true\)/;

test('I5, the role of the transaction: without it a superuser in the credential reads everything', async () => {
	let through = database;
	await showsTheBreak({
		check: async () => await strangersSeen(through),
		holds: 0,
		remove: async () => {
			through = rewritingClients(database, (text) => text.replace(SWITCH, ''));
			return async () => void (through = database);
		},
		breaks: 1,
	});
});

/** The SQLSTATE with which a statement is refused, or what it did. */
const outcomeOf = async (statement: string): Promise<string> =>
	await test_.admin.query(statement).then(
		({ rowCount }) => `changed ${rowCount} row(s)`,
		(error: { code: string }) => error.code,
	);

const triggersOf = async (table: string, firing: string): Promise<string[]> =>
	(
		await test_.admin.query<{ name: string }>(
			`select t.tgname as name from pg_trigger t join pg_proc p on p.oid = t.tgfoid
				where t.tgrelid = ('agent_factory.' || $1)::regclass and not t.tgisinternal and p.proname = $2`,
			[table, firing],
		)
	).rows.map(({ name }) => name);

test.each(['agent_versions', 'system_prompts'])(
	'I6, the frozen columns of %s: without the trigger what made a reply can change',
	async (table) => {
		const column = table === 'agent_versions' ? 'bundle_sha256' : 'prompt_sha256';
		const [{ trigger }] = (
			await test_.admin.query<{ trigger: string }>(
				`select t.tgname as trigger from pg_trigger t join pg_proc p on p.oid = t.tgfoid
				where t.tgrelid = ('agent_factory.' || $1)::regclass and not t.tgisinternal and p.prosrc like '%ZF001%' order by 1 limit 1`,
				[table],
			)
		).rows;
		await showsTheBreak({
			check: async () =>
				await outcomeOf(`update agent_factory.${table} set ${column} = repeat('0', 64) where tenant_id = '${mine.id}'`),
			holds: 'ZF001',
			remove: async () => await withoutTrigger(test_.admin, table, trigger),
			breaks: 'changed 1 row(s)',
		});
	},
);

test('I8, the log only grows: without the trigger an entry can be rewritten', async () => {
	const [trigger] = await triggersOf('audit_events', 'refuse_change');
	await showsTheBreak({
		check: async () =>
			await outcomeOf(
				`update agent_factory.audit_events set actor = 'nobody' where id = (select min(id) from agent_factory.audit_events)`,
			),
		holds: 'ZF003',
		remove: async () => await withoutTrigger(test_.admin, 'audit_events', trigger),
		breaks: 'changed 1 row(s)',
	});
});
