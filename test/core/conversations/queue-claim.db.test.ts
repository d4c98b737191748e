import { claimTurns } from '../../../core/conversations';
import type { Database } from '../../../core/database';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { databaseFor, dropDatabase, makeTenant, type TestTenant } from '../../support/factory';
import { fillQueue } from './queue-load';

let test_: TestDatabase;
let database: Database;

beforeEach(async () => {
	test_ = await createTestDatabase();
	database = databaseFor(test_);
});
afterEach(async () => await dropDatabase(database, test_));

const tenants = async (count: number): Promise<TestTenant[]> =>
	(await Promise.all(Array.from({ length: count }, async () => await makeTenant(database)))).sort((a, b) =>
		a.id < b.id ? -1 : 1,
	);

/** How many lanes of each tenant a claim leased. */
async function share(of: TestTenant[], limit: number): Promise<number[]> {
	const turns = await claimTurns(database, { workerId: 'w', limit });
	return of.map(({ id }) => turns.filter(({ tenantId }) => tenantId === id).length);
}

test('a claim gives every due tenant its share and what is left to whoever has more', async () => {
	const [busy, quiet, between] = await tenants(3);
	await fillQueue(test_.admin, busy, 40, 1);
	await fillQueue(test_.admin, quiet, 1, 1);
	await fillQueue(test_.admin, between, 4, 1);
	expect(await share([busy, quiet, between], 12)).toEqual([7, 1, 4]);
	expect(await share([busy, quiet, between], 12)).toEqual([12, 0, 0]);
});

test.each(['few', 'many'])('claims of one turn go round the tenants when %s lanes are due', async (lanes) => {
	const all = await tenants(3);
	for (const tenant of all) await fillQueue(test_.admin, tenant, lanes === 'few' ? 2 : 30, 1);
	const order: number[] = [];
	for (let claim = 0; claim < 6; claim++) {
		const [turn] = await claimTurns(database, { workerId: 'w', limit: 1 });
		order.push(all.findIndex(({ id }) => id === turn.tenantId));
	}
	expect(order.slice(0, 3).sort()).toEqual([0, 1, 2]);
	expect(order.slice(3)).toEqual(order.slice(0, 3));
});

test('tenants whose lanes wait, and paused ones, cost no turn and hide nobody', async () => {
	const [waiting, paused, due] = await tenants(3);
	for (const tenant of [waiting, paused, due]) await fillQueue(test_.admin, tenant, 30, 1);
	await test_.admin.query(
		`update agent_factory.conversation_locks set available_at = now() + interval '1 hour' where tenant_id = $1`,
		[waiting.id],
	);
	await test_.admin.query(`update agent_factory.tenants set status = 'paused' where id = $1`, [paused.id]);
	expect(await share([waiting, paused, due], 1)).toEqual([0, 0, 1]);
	expect(await share([waiting, paused, due], 50)).toEqual([0, 0, 29]);
	expect(await share([waiting, paused, due], 50)).toEqual([0, 0, 0]);
});

test('a lane without messages goes, and costs nobody a turn', async () => {
	const [tenant] = await tenants(1);
	await fillQueue(test_.admin, tenant, 2, 1);
	await test_.admin.query(
		`delete from agent_factory.message_queue where id = (select min(id) from agent_factory.message_queue)`,
	);
	expect(await share([tenant], 2)).toEqual([1]);
	const { rows } = await test_.admin.query('select count(*)::int as n from agent_factory.conversation_locks');
	expect(rows).toEqual([{ n: 1 }]);
});

describe('with statistics of 20,000 waiting messages and 20,000 finished ones', () => {
	const plansOf = async (calls: string): Promise<string> => {
		const client = await test_.admin.connect();
		const plans: string[] = [];
		const listen = (notice: { message?: string }): void => void plans.push(notice.message ?? '');
		client.on('notice', listen);
		try {
			await client.query(`load 'auto_explain'; set auto_explain.log_min_duration = 0; set auto_explain.log_nested_statements = on;
				set auto_explain.log_level = notice; set search_path = agent_factory`);
			await client.query(calls);
		} finally {
			client.off('notice', listen);
			client.release(true);
		}
		return plans.join('\n');
	};
	const FILL = (tenant: TestTenant): string => `set search_path = agent_factory;
		insert into message_queue (tenant_id, conversation_id, message_id, status, turn_id, finished_at)
			select tenant_id, conversation_id, message_id, 'completed', id, now() from message_queue where tenant_id = '${tenant.id}';
		analyze; reset search_path`;
	const seqScans = (plans: string): string[] =>
		[...plans.matchAll(/Seq Scan on (\w+)/g)].map((match) => match[1]).filter((table) => HOT.includes(table));
	const HOT = ['conversation_locks', 'message_queue', 'conversations', 'messages', 'turns'];

	test('claim, settle and the look for due work find their rows by index', async () => {
		const [tenant] = await tenants(1);
		await fillQueue(test_.admin, tenant, 2_000, 10);
		await test_.admin.query(FILL(tenant));
		const claims = Array.from({ length: 7 }, () => `select count(*) from claim_turns('w', 50, 60, 5, 20)`);
		const settle = `select count(*) from complete_turns('${tenant.id}', (select jsonb_agg(jsonb_build_object('turnId', q.id, 'leaseToken', l.token,
			'decision', '{"action": "silence"}'::jsonb)) from message_queue q join conversation_locks l using (tenant_id, conversation_id)
			where q.id = q.turn_id and q.status = 'locked' and l.token = (select max(token) from conversation_locks)))`;
		const plans = await plansOf([...claims, 'select * from due_work()'].join(';'));
		expect(plans).toMatch(
			/Scan using conversation_locks_due[\s\S]*?Index Cond: \(\(ROW\(tenant_id, available_at\) >= ROW\(r\.id, '-infinity'/,
		);
		expect(plans).toMatch(
			/Scan using message_queue_open[\s\S]*?Index Cond: \(\(tenant_id = l\.tenant_id\) AND \(conversation_id = l\.conversation_id\)\)/,
		);
		expect(plans).toMatch(/using conversation_locks_ready/);
		expect(seqScans(plans)).toEqual([]);
		const settled = (await plansOf(settle)).replace(/Query Text: select count\(\*\) from complete_turns[\s\S]*/, '');
		expect(settled).toMatch(
			/Index Cond: \(\(tenant_id = [^)]*\) AND \(conversation_id = [^)]*\) AND \(id >= t\.id\)\)/,
		);
		expect(seqScans(settled)).toEqual([]);
	});
});
