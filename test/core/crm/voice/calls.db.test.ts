import type { Database } from '../../../../core/database';
import { inTenant } from '../../../../core/tenancy';
import { createTestDatabase, type TestDatabase } from '../../../support/database';
import { databaseFor, dropDatabase, makeTenant, type TestTenant } from '../../../support/factory';
import { contact } from '../../leads/turns';

let test_: TestDatabase;
let database: Database;
let tenant: TestTenant;
let contactId: string;

beforeAll(async () => {
	test_ = await createTestDatabase();
	database = databaseFor(test_);
});
beforeEach(async () => {
	tenant = await makeTenant(database);
	contactId = await contact(test_.admin, tenant);
	await test_.admin.query(`update agent_factory.contacts set phone = '5511977770000' where id = $1`, [contactId]);
});
afterAll(async () => await dropDatabase(database, test_));

const call = async (said: Record<string, unknown>) =>
	(await inTenant(database, tenant.id, (db) =>
		db.one<{ r: Record<string, unknown> }>('select record_call($1, $2) as r', [
			tenant.id,
			JSON.stringify({ provider: 'twilio', providerCallId: 'CA1', direction: 'inbound', ...said }),
		]),
	))!.r;

const tasks = async () =>
	(await test_.admin.query('select reason, status from agent_factory.call_tasks where tenant_id = $1', [tenant.id]))
		.rows;

test('a call moves forward only, costs by the minute begun, and is one line of the communications', async () => {
	await test_.admin.query(
		`update agent_factory.voip_configs set cost_per_minute = 0.02 where tenant_id = $1 and provider = 'twilio'`,
		[tenant.id],
	);
	await call({ status: 'in_progress', contactId });
	expect(await call({ status: 'completed', durationSeconds: 61 })).toMatchObject({ changed: true, costUsd: 0.04 });
	expect(await call({ status: 'ringing', durationSeconds: 5 })).toMatchObject({
		changed: false,
		status: 'completed',
		durationSeconds: 61,
		costUsd: 0.04,
	});
	const { rows } = await test_.admin.query(
		'select type, channel, content, status, external_id, id < 0 as a_call from agent_factory.communications where tenant_id = $1',
		[tenant.id],
	);
	expect(rows).toEqual([
		{ type: 'call', channel: 'phone', content: '61 s', status: 'completed', external_id: 'CA1', a_call: true },
	]);
});

test('a missed call of somebody new is a contact and one task, however often it is reported', async () => {
	const said = { status: 'missed', phone: '5511977776666', providerCallId: 'CA2' };
	const reports = await Promise.all([call(said), call(said), call(said)]);
	expect(new Set(reports.map(({ id }) => id)).size).toBe(1);
	await call({ ...said, providerCallId: 'CA3' });
	expect(await tasks()).toEqual([{ reason: 'missed_call', status: 'open' }]);
	await test_.admin.query(
		'insert into agent_factory.voice_settings (tenant_id, missed_call_tasks) values ($1, false)',
		[tenant.id],
	);
	await test_.admin.query(
		`update agent_factory.call_tasks set status = 'done', closed_at = now() where tenant_id = $1`,
		[tenant.id],
	);
	await call({ ...said, providerCallId: 'CA4' });
	expect(await tasks()).toHaveLength(1);
});

const start = async (key: string) =>
	(await inTenant(database, tenant.id, (db) =>
		db.one<{ r: Record<string, unknown> }>(`select start_call($1, $2, 'twilio', null, 'ana', $3) as r`, [
			tenant.id,
			contactId,
			key,
		]),
	))!.r;

test('the same key does not ring twice, and nobody is called who said no', async () => {
	expect(await start('k1')).toMatchObject({ fresh: true });
	expect(await start('k1')).toMatchObject({ fresh: false });
	expect(await start('k2')).toEqual({ refused: 'CALL_RUNNING' });
	await test_.admin.query('update agent_factory.calls set ended_at = now() where tenant_id = $1', [tenant.id]);
	await inTenant(database, tenant.id, (db) =>
		db.one(`select record_consent($1, $2, 'calls', false, 'test', '{}')`, [tenant.id, contactId]),
	);
	expect(await start('k3')).toEqual({ refused: 'CALLS_REFUSED' });
});

test('people are told of a due task once, and of one that nobody did it ends', async () => {
	await inTenant(database, tenant.id, (db) =>
		db.one(`select create_call_task($1, $2, 'requested', now() - interval '1 minute', null, 'ligar', null, 'tool:1')`, [
			tenant.id,
			contactId,
		]),
	);
	await test_.admin.query(
		`insert into agent_factory.notification_endpoints (tenant_id, url, secret_encrypted) values ($1, 'https://example.com/', 's')`,
		[tenant.id],
	);
	const tell = async () =>
		(
			await database.pool.query(`select expired from agent_factory.tell_due_calls(10) where tenant_id = $1`, [
				tenant.id,
			])
		).rows;
	expect(await tell()).toEqual([{ expired: false }]);
	expect(await tell()).toEqual([]);
	const { rows } = await test_.admin.query(
		'select event_type, payload from agent_factory.notification_deliveries where tenant_id = $1',
		[tenant.id],
	);
	expect(rows).toHaveLength(1);
	expect(JSON.stringify(rows[0])).not.toContain('ligar');
	await test_.admin.query(
		`update agent_factory.call_tasks set due_at = now() - interval '4 days' where tenant_id = $1`,
		[tenant.id],
	);
	expect(await tell()).toEqual([{ expired: true }]);
	expect(await tasks()).toEqual([{ reason: 'requested', status: 'expired' }]);
});
