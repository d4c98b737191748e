import { completeTurn } from '../../../core/conversations';
import type { Database } from '../../../core/database';
import { createEndpoint } from '../../../core/notifications';
import { mailText } from '../../../core/notifications/mail-text';
import { inTenant } from '../../../core/tenancy';
import { randomBytes } from 'node:crypto';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { databaseFor, dropDatabase, makeTenant, vault, type TestTenant } from '../../support/factory';
import { age, claimOf, decision, member, write } from './support';

const WAITING = 25;
let test_: TestDatabase;
let database: Database;
let tenant: TestTenant;

beforeAll(async () => {
	test_ = await createTestDatabase();
	database = databaseFor(test_);
});
beforeEach(async () => {
	tenant = await makeTenant(database);
	const person = await member(database, tenant);
	await run(
		`insert into handoff_recipients (tenant_id, user_id, level, whatsapp_number) values ($1, $2, 0, '5511955550001'), ($1, $2, 1, '5511955550001')`,
		[tenant.id, person.user_id],
	);
	await run('update handoff_settings set whatsapp_account_id = $2 where tenant_id = $1', [
		tenant.id,
		tenant.channelAccountId,
	]);
	const url = 'https://hooks.example.com/x';
	await createEndpoint(database, tenant.id, { url }, { vault, randomBytes });
});
afterAll(async () => await dropDatabase(database, test_));

const run = async (sql: string, values: unknown[]): Promise<any> =>
	await inTenant(database, tenant.id, async (db) => await db.one(sql, values), { actor: 'ops' });
const rows = async (sql: string): Promise<any[]> => (await test_.admin.query(sql, [tenant.id])).rows;
const stop = async (on: boolean): Promise<any> =>
	(await run('select set_tenant_automation($1, $2, $3) as done', [tenant.id, on, 'strange answers'])).done;

/** Customers write while the bots are stopped; each turn ends with a person. */
async function customersWrite(serial: number): Promise<void> {
	for (let one = 0; one < WAITING; one++)
		await write(database, tenant, `55119${serial}000${String(one).padStart(4, '0')}`, 'oi, tudo bem?');
	for (const turn of await claimOf(database, tenant))
		await completeTurn(database, turn, decision({ messages: [], handoffReason: 'automation_stopped' }));
}
const told = async (): Promise<string[]> =>
	(
		await rows(`select event_type || case when email is null then ' hook' else ' mail' end as told from agent_factory.notification_deliveries where tenant_id = $1
			union all select job_type || ' job' from agent_factory.background_jobs where tenant_id = $1 and job_type = 'handoff.whatsapp' order by 1`)
	).map((row) => row.told);
const open = async (): Promise<any[]> =>
	await rows('select * from agent_factory.handoffs where tenant_id = $1 and returned_at is null');

test('who throws the switch is told once, however many conversations wait; the queue holds them all', async () => {
	await stop(true);
	await customersWrite(1);
	expect(await open()).toHaveLength(WAITING);
	const once = ['conversation.handoff hook', 'conversation.handoff mail', 'handoff.whatsapp job'];
	expect(await told()).toEqual(once);
	const [{ payload }] = await rows(
		'select payload from agent_factory.notification_deliveries where tenant_id = $1 and email is not null',
	);
	expect(payload.data).toMatchObject({ reason: 'automation_stopped', page: { subject: 'queue' } });
	expect(mailText(payload, 'FitPro', 'pt-BR').text).toContain('único aviso desta parada');

	// Each level once too, for all of them.
	for (const { id } of await open()) await age(test_.admin, id, 16);
	const { rows: late } = await test_.admin.query('select * from agent_factory.escalate_handoffs(200)');
	expect(late.filter((row) => row.tenant_id === tenant.id)).toHaveLength(WAITING);
	const overdue = ['handoff.overdue hook', 'handoff.overdue mail', 'handoff.whatsapp job'];
	expect(await told()).toEqual([...once, ...overdue].sort());
});

test('started again the bot takes what nobody answered, and the next stop is told anew', async () => {
	await stop(true);
	await customersWrite(2);
	expect(await stop(false)).toMatchObject({ reopened: WAITING });
	expect(await open()).toEqual([]);
	await test_.admin.query(
		`update agent_factory.tenants set automation_stopped_at = now() + interval '5 seconds' where id = $1`,
		[tenant.id],
	);
	await customersWrite(3);
	expect((await told()).filter((one) => one.endsWith('mail'))).toHaveLength(2);
});

test('a quiet night gives nothing to a bot that is stopped', async () => {
	await stop(true);
	await customersWrite(4);
	for (const { id } of await open()) await age(test_.admin, id, 1_000);
	await test_.admin.query('select * from agent_factory.return_quiet_handoffs(200)');
	expect(await open()).toHaveLength(WAITING);
});
