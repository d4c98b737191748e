import { claimTurns, completeTurn, completeTurns } from '../../../core/conversations';
import type { Database } from '../../../core/database';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { databaseFor, dropDatabase, makeTenant, type TestTenant } from '../../support/factory';
import { fillQueue, hammer, seededRandom, silence } from './queue-load';

let test_: TestDatabase;
let database: Database;
let tenant: TestTenant;

beforeEach(async () => {
	test_ = await createTestDatabase();
	database = databaseFor(test_);
	tenant = await makeTenant(database);
});
afterEach(async () => await dropDatabase(database, test_));

const isEmpty = async (): Promise<boolean> =>
	(await test_.admin.query('select not exists (select from agent_factory.conversation_locks) as empty')).rows[0].empty;

const replaceFunction = async (sql: string): Promise<void> =>
	void (await test_.admin.query(`set search_path = agent_factory; ${sql}; reset search_path`));

test('eight workers that lose leases, put back and settle late keep every conversation in order', async () => {
	await fillQueue(test_.admin, tenant, 20, 25);
	const seen = await hammer(database, { workers: 8, random: seededRandom(1), maxMessages: 3 }, isEmpty);
	// Whoever loses five leases in a row is buried, as it should be: rare, and on a slow machine not never.
	const buried = Number(
		(await test_.admin.query('select count(*) as n from agent_factory.message_queue where dead_at is not null')).rows[0]
			.n,
	);
	expect(buried).toBeLessThan(25);
	expect(seen).toMatchObject({ settled: 500 - buried, disorder: 0, overlaps: 0, refused: 0 });
	expect(seen.staleRefused).toBeGreaterThan(10);
	const { rows } = await test_.admin.query(
		`select status, count(*)::int as n, (select count(*)::int from (select unnest(message_ids) from agent_factory.turns) t) as in_ledger
			from agent_factory.message_queue where dead_at is null group by status`,
	);
	expect(rows).toEqual([{ status: 'completed', n: 500 - buried, in_ledger: 500 - buried }]);
});

test('without the lock on the lane, a claim straight from the queue swaps and overlaps turns: the check above sees it', async () => {
	await fillQueue(test_.admin, tenant, 4, 40);
	await replaceFunction(`create or replace function claim_turns(p_worker_id text, p_limit integer, p_lease_seconds integer, p_max_attempts integer,
		p_max_messages integer, p_after_tenant uuid default null)
		returns table (tenant_id uuid, conversation_id uuid, turn_id bigint, lease_token bigint, attempts integer, message_ids bigint[], channel_account_id uuid,
			contact_id uuid, agent_id uuid, received_at timestamptz, lease_until timestamptz)
		language sql security definer set search_path from current as $$
			with head as (
				select q.tenant_id, q.id from message_queue q where q.status = 'queued' order by q.id limit p_limit for update skip locked
			), taken as (
				update message_queue q set status = 'locked', locked_at = now(), worker_id = p_worker_id, turn_id = q.id, attempts = q.attempts + 1
					from head h where q.tenant_id = h.tenant_id and q.id = h.id
					returning q.*
			), leased as (
				update conversation_locks set worker_id = p_worker_id, token = 1
					where conversation_id in (select l.conversation_id from conversation_locks l where l.token is null for update skip locked)
			)
			select t.tenant_id, t.conversation_id, t.id, 1::bigint, t.attempts, array[t.message_id], c.channel_account_id, c.contact_id, c.agent_id, t.created_at, now()
			from taken t join conversations c on c.tenant_id = t.tenant_id and c.id = t.conversation_id
		$$`);
	// It also loses leases for good, so no worker waits for the end.
	let looks = 0;
	const seen = await hammer(database, { workers: 8, random: seededRandom(2) }, async () => ++looks > 200);
	expect(seen.disorder).toBeGreaterThan(0);
});

test('without the comparison of the token, a turn is settled by the worker that lost it: the check above sees it', async () => {
	await fillQueue(test_.admin, tenant, 10, 30);
	await replaceFunction(`create or replace function lock_turns(p_tenant_id uuid, p_turns jsonb) returns table (turn_id bigint, conversation_id uuid, decision jsonb)
		language sql set search_path from current as $$
			select q.id, q.conversation_id, t.decision
			from jsonb_to_recordset(p_turns) t("turnId" bigint, decision jsonb)
			join message_queue q on q.tenant_id = p_tenant_id and q.id = t."turnId" and q.turn_id = q.id and q.status = 'locked'
			join conversation_locks l on l.tenant_id = q.tenant_id and l.conversation_id = q.conversation_id
			order by l.conversation_id for update of l
		$$`);
	const seen = await hammer(database, { workers: 8, random: seededRandom(3), maxMessages: 2 }, isEmpty);
	expect(seen.overlaps).toBeGreaterThan(0);
});

test('a batch settles what is still leased and leaves the rest alone', async () => {
	await fillQueue(test_.admin, tenant, 3, 2);
	const claim = async (leaseSeconds?: number) =>
		await claimTurns(database, { workerId: 'w', limit: 50, leaseSeconds, maxMessages: 1 });
	const [lost, ...kept] = await claim(0);
	const [again] = (await claim()).filter(({ turnId }) => turnId === lost.turnId);
	await completeTurn(database, again, silence);
	const settled = await completeTurns(
		database,
		[lost, again].map((lease) => ({ lease, decision: silence })),
	);
	expect(settled).toEqual([null, null]);
	const later = await claim();
	const both = await completeTurns(
		database,
		[lost, ...later, ...kept].map((lease) => ({ lease, decision: silence })),
	);
	expect(both.map((turn) => turn?.waiting ?? null)).toEqual([null, ...later.map(() => 0), null, null]);
});

test('a message that kills its workers is buried alone; what the customer wrote around it is answered', async () => {
	await fillQueue(test_.admin, tenant, 1, 5);
	const answered: number[] = [];
	const first = Number(
		(await test_.admin.query('select min(id) as id from agent_factory.messages where tenant_id = $1', [tenant.id]))
			.rows[0].id,
	);
	const poison = first + 2;
	for (let round = 0; round < 20 && !(await isEmpty()); round++) {
		await test_.admin.query('update agent_factory.conversation_locks set available_at = now() where worker_id is null');
		const [turn] = await claimTurns(database, { workerId: 'w', limit: 1, leaseSeconds: 0 });
		if (!turn || turn.messageIds.includes(poison)) continue;
		await completeTurn(database, turn, silence);
		answered.push(...turn.messageIds);
	}
	expect(answered).toEqual([first, first + 1, first + 3, first + 4]);
	const { rows } = await test_.admin.query(
		'select message_id::int as id, attempts from agent_factory.message_queue where dead_at is not null',
	);
	expect(rows).toEqual([{ id: poison, attempts: 5 }]);
});
