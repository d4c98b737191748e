import { claimTurns, listReplies } from '../../../core/conversations';
import { openDatabase, type Database } from '../../../core/database';
import { endRetention, runMaintenance, type TaskResult } from '../../../core/maintenance';
import { updateTenant } from '../../../core/tenancy';
import { createTestDatabase, waitFor, type TestDatabase } from '../../support/database';
import { databaseFor, dropDatabase, makeTenant, statusBody, wamid, type TestTenant } from '../../support/factory';
import { createLogins } from '../../support/logins';
import { age, answer, claim, counts, deliver, post, write } from './support';

let test_: TestDatabase;
let database: Database;

beforeAll(async () => {
	test_ = await createTestDatabase();
	database = databaseFor(test_);
});
afterAll(async () => await dropDatabase(database, test_));

const rowsOf = (results: TaskResult[]): Record<string, number> =>
	Object.fromEntries(results.filter(({ rows }) => rows > 0).map(({ task, rows }) => [task, rows]));

/** A tenant with `n` turns answered and sent. */
async function answeredTenant(n: number): Promise<TestTenant> {
	const tenant = await makeTenant(database);
	for (let i = 0; i < n; i++) await write(database, tenant, `55119000000${i}`);
	for (const turn of await claim(database, tenant)) await answer(database, turn);
	await deliver(database);
	return tenant;
}

test('what is finished leaves after its time, what somebody still works on stays', async () => {
	const tenant = await answeredTenant(3);
	await write(database, tenant, '5511900000091');
	await claim(database, tenant);
	await write(database, tenant, '5511900000092');
	await test_.admin.query(
		`update agent_factory.outbox_messages set status = case position when 0 then 'unknown' else status end, unknown_since = now()
			where tenant_id = $1 and turn_id = (select min(turn_id) from agent_factory.outbox_messages where tenant_id = $1)`,
		[tenant.id],
	);
	const young = await endRetention(database);
	expect(rowsOf(young)).toEqual({});

	await age(test_.admin, tenant.id, 40);
	const old = await endRetention(database, { stepRows: 2 });
	expect(rowsOf(old)).toEqual({
		finished_queue: 3,
		idle_send_lanes: 3,
		settled_sends: 5,
		event_payloads: 5,
		events: 5,
	});
	expect(await counts(test_.admin, tenant.id)).toMatchObject({
		message_queue: 2,
		outbox_messages: 1,
		webhook_events: 0,
		messages: 11,
		turns: 3,
	});
	expect(rowsOf(await endRetention(database))).toEqual({});
	expect(old.every(({ finished }) => finished)).toBe(true);
});

test('a leased turn, a waiting one and an unknown send go on as if nothing had happened', async () => {
	const tenant = await makeTenant(database);
	await write(database, tenant, '5511911110001');
	const [leased] = await claim(database, tenant);
	await write(database, tenant, '5511911110002');
	await age(test_.admin, tenant.id, 500);
	await endRetention(database, { stepRows: 1 });
	await answer(database, leased);
	const [waiting] = await claim(database, tenant);
	await answer(database, waiting);
	expect((await counts(test_.admin, tenant.id)).turns).toBe(2);
});

test('a redelivery is a duplicate for 30 days at least, whatever retention is asked for', async () => {
	const tenant = await makeTenant(database);
	const body = await write(database, tenant, '5511922220001');
	await age(test_.admin, tenant.id, 29);
	await test_.admin.query(`select * from agent_factory.run_maintenance('events', 1, 100)`);
	await endRetention(database);
	const { rows } = await test_.admin.query('select payload from agent_factory.webhook_events where tenant_id = $1', [
		tenant.id,
	]);
	expect(rows).toEqual([{ payload: {} }]);
	expect((await post(database, body)).events.map(({ outcome }) => outcome)).toEqual(['duplicate']);
	await expect(endRetention(database, { retention: { eventKeyDays: 29 } })).rejects.toMatchObject({
		code: 'VALUE_REFUSED',
		item: 'eventKeyDays',
	});
});

test('the reply log says the same after the send jobs are gone', async () => {
	const tenant = await answeredTenant(2);
	const facts = async () =>
		(await listReplies(database, tenant.id)).map(
			({ send_attempts: _, delivered_at: __, read_at: ___, ...reply }) => reply,
		);
	const before = await facts();
	expect(before).toHaveLength(4);
	expect(before.map(({ position }) => position)).toEqual([0, 1, 0, 1]);
	await age(test_.admin, tenant.id, 36);
	await endRetention(database);
	expect((await counts(test_.admin, tenant.id)).outbox_messages).toBe(0);
	const shifted = (reply: Record<string, unknown>): Record<string, unknown> => ({ ...reply, finished_at: null });
	expect((await facts()).map(shifted)).toEqual(before.map(shifted));
});

test('the time of a send that a status settled stays with the message', async () => {
	const tenant = await answeredTenant(1);
	await test_.admin.query('update agent_factory.messages set provider_timestamp = null where tenant_id = $1', [
		tenant.id,
	]);
	await age(test_.admin, tenant.id, 36);
	await endRetention(database);
	expect((await listReplies(database, tenant.id)).map(({ sent_at }) => sent_at)).toEqual([
		expect.any(Date),
		expect.any(Date),
	]);
});

test('a status later than the send job still finds its message', async () => {
	const tenant = await answeredTenant(1);
	await age(test_.admin, tenant.id, 36);
	await endRetention(database);
	const [{ meta_message_id: id }] = await listReplies(database, tenant.id);
	const { events } = await post(database, statusBody(tenant.phoneNumberId, [{ id: String(id), status: 'read' }]));
	expect(events.map(({ outcome }) => outcome)).toEqual(['processed']);
	expect((await listReplies(database, tenant.id))[0].status).toBe('read');
});

test('a status that nobody waits for is given up, an event of nobody is removed, a lead that waits is kept', async () => {
	const tenant = await makeTenant(database);
	await post(database, statusBody(tenant.phoneNumberId, [{ id: wamid(), status: 'delivered' }]));
	await post(database, statusBody('999000111', [{ id: wamid(), status: 'delivered' }]));
	await test_.admin.query(
		`update agent_factory.webhook_events set received_at = now() - interval '8 days' where tenant_id is null`,
	);
	await test_.admin.query(
		`insert into agent_factory.webhook_events (tenant_id, object, account_id, kind, meta_message_id, payload) values ($1, 'page', '1', 'leadgen', 'l1', '{"a": 1}')`,
		[tenant.id],
	);
	await age(test_.admin, tenant.id, 8);
	expect(rowsOf(await endRetention(database))).toEqual({ lost_statuses: 1, event_payloads: 1, unclaimed_events: 1 });
	await age(test_.admin, tenant.id, 40);
	await endRetention(database);
	const { rows } = await test_.admin.query(
		'select kind, status, payload from agent_factory.webhook_events where tenant_id = $1',
		[tenant.id],
	);
	expect(rows).toEqual([{ kind: 'leadgen', status: 'pending', payload: { a: 1 } }]);
});

test('texts go where the tenant wants it, with the summary and the send jobs that repeat them; other tenants keep theirs', async () => {
	const [forgetful, other] = [await answeredTenant(2), await answeredTenant(2)];
	await updateTenant(database, forgetful.id, { messageRetentionDays: 10 });
	for (const { id } of [forgetful, other]) await age(test_.admin, id, 11);
	await write(database, forgetful, '551190000000');
	await endRetention(database, { stepRows: 3 });
	const texts = async (tenant: TestTenant) =>
		(
			await test_.admin.query<{ body: string }>(
				'select body from agent_factory.messages where tenant_id = $1 order by id',
				[tenant.id],
			)
		).rows.map(({ body }) => body);
	expect(await texts(forgetful)).toEqual(['', '', '', '', '', '', 'mensagem de 551190000000']);
	expect((await texts(other)).every((body) => body !== '')).toBe(true);
	expect(await counts(test_.admin, forgetful.id)).toMatchObject({ outbox_messages: 0, messages: 7 });
	expect(await counts(test_.admin, other.id)).toMatchObject({ outbox_messages: 4, messages: 6 });
	const { rows } = await test_.admin.query(
		'select summary from agent_factory.conversations where tenant_id = $1 order by last_message_at',
		[forgetful.id],
	);
	expect(rows).toEqual([{ summary: null }, { summary: 'o cliente disse oi' }]);
	await updateTenant(database, forgetful.id, { messageRetentionDays: 0 });
	await expect(updateTenant(database, forgetful.id, { messageRetentionDays: 3 })).rejects.toMatchObject({
		code: 'VALUE_REFUSED',
	});
});

test('the ledger and the audit log end after their days, and only the door ends them', async () => {
	const tenant = await answeredTenant(1);
	await age(test_.admin, tenant.id, 401);
	const done = rowsOf(await endRetention(database));
	expect(done).toMatchObject({ turns: 1 });
	expect(done.audit).toBeGreaterThan(1);
	await expect(test_.admin.query('delete from agent_factory.audit_events')).rejects.toMatchObject({ code: 'ZF003' });
});

test('killed in the middle of a step it loses nothing, and the next run ends the work', async () => {
	const tenant = await answeredTenant(6);
	await write(database, tenant, '5511933330001');
	await age(test_.admin, tenant.id, 40);
	const before = await counts(test_.admin, tenant.id);
	const other = openDatabase({ connectionString: test_.connectionString });
	const locker = await test_.admin.connect();
	try {
		// The step waits for this table when its connection is cut.
		await locker.query('begin');
		await locker.query('lock table agent_factory.webhook_events in share row exclusive mode');
		const cut = endRetention(other, { stepRows: 4 }).catch((error: { code: string }) => error.code);
		await waitFor(
			async () =>
				(
					await test_.admin.query(
						`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like '%run_maintenance%'`,
					)
				).rowCount,
		);
		expect(await cut).toBe('DATABASE_AWAY');
	} finally {
		await locker.query('rollback');
		locker.release();
		await other.pool.end();
	}
	const midway = await counts(test_.admin, tenant.id);
	expect(midway.message_queue).toBe(1);
	expect(midway).toMatchObject({
		webhook_events: before.webhook_events,
		messages: before.messages,
		turns: before.turns,
	});
	await endRetention(database);
	expect(await counts(test_.admin, tenant.id)).toMatchObject({
		webhook_events: 0,
		messages: before.messages,
		turns: before.turns,
		message_queue: 1,
	});
});

test('beside running traffic every message is answered once', async () => {
	const tenant = await answeredTenant(8);
	await age(test_.admin, tenant.id, 40);
	let open = true;
	const cleaning = (async () => {
		const done: TaskResult[] = [];
		while (open) done.push(...(await endRetention(database, { stepRows: 1 })));
		return done;
	})();
	for (let round = 0; round < 5; round++) {
		await Promise.all([0, 1, 2, 3].map(async (n) => await write(database, tenant, `551190000000${n}`)));
		for (const turn of await claim(database, tenant)) await answer(database, turn);
		await deliver(database);
	}
	open = false;
	await cleaning;
	expect(await claimTurns(database, { workerId: 'w', limit: 50 })).toEqual([]);
	const { rows } = await test_.admin.query(
		`select count(*)::integer as inbound, count(*) filter (where not exists (
				select from agent_factory.turns t where t.tenant_id = m.tenant_id and m.id = any (t.message_ids)))::integer as unanswered
			from agent_factory.messages m where tenant_id = $1 and direction = 'inbound'`,
		[tenant.id],
	);
	expect(rows).toEqual([{ inbound: 28, unanswered: 0 }]);
	expect(await counts(test_.admin, tenant.id)).toMatchObject({ message_queue: 20, webhook_events: 20, turns: 28 });
});

test('it stops when its time is over and says so, with any login that the pack may use', async () => {
	const logins = await createLogins(test_);
	const plain = openDatabase({ connectionString: logins.url.plain });
	try {
		const report = await runMaintenance(plain, { signal: AbortSignal.abort() });
		expect(report).toMatchObject({ finished: false, analysed: [], warnings: [] });
		expect((await runMaintenance(plain)).finished).toBe(true);
		const full = await runMaintenance(database);
		expect(full.analysed).toContain('message_queue');
		expect(full.tables.map(({ table }) => table)).toContain('webhook_events');
	} finally {
		await plain.pool.end();
		await logins.drop();
	}
});
