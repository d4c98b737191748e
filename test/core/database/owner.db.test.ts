import { migrate, openDatabase, type Database } from '../../../core/database';
import { emptyDatabase, type TestDatabase } from '../../support/database';
import { createLogins, type TestLogins } from '../../support/logins';
import { folderWith } from '../../support/migrations-folder';
import { temporaryFolder } from '../../support/temporary-folder';

const root = temporaryFolder();

let test_: TestDatabase;
let logins: TestLogins;
let owner: Database;

beforeAll(async () => {
	test_ = await emptyDatabase();
	logins = await createLogins(test_);
	owner = openDatabase({ connectionString: logins.url.owner });
	await migrate(owner);
});
afterAll(async () => {
	await owner.pool.end();
	await logins.drop();
	await test_.drop();
});

const inherited = async (): Promise<string[]> =>
	(
		await owner.pool.query<{ role: string }>(
			`select rolname as role from pg_roles where rolname like 'agent\\_factory\\_%' and pg_has_role(current_user, oid, 'usage')`,
		)
	).rows.map(({ role }) => role);

test('an ordinary owner inherits nothing but the service role, and may still become the runtime role', async () => {
	expect(await inherited()).toEqual(['agent_factory_service']);
	const { rows } = await owner.pool.query(`select set_config('role', 'agent_factory_runtime', false) as role`);
	expect(rows).toEqual([{ role: 'agent_factory_runtime' }]);
	await owner.pool.query('reset role');
});

test('an ordinary owner replaces a door in a later migration', async () => {
	const { folder, name } = folderWith(
		root,
		'other_door',
		`-- breaking: no
-- A door with another body.
create or replace function due_work() returns table (turns integer, outbox integer, next_at timestamptz)
language sql stable
security definer
set search_path from current
as $$
	select 0, 0, null::timestamptz
$$;
select secure_schema();
`,
	);
	expect(await migrate(owner, { folder })).toEqual([name]);
	const { rows } = await owner.pool.query(
		`select (select turns from agent_factory.due_work()) as turns, pg_get_userbyid(proowner) as owner, prosecdef as definer from pg_proc where proname = 'due_work'`,
	);
	expect(rows).toEqual([{ turns: 0, owner: 'agent_factory_doors', definer: true }]);
	expect(await inherited()).toEqual(['agent_factory_service']);
});
