import { claimTurns, completeTurn, SILENCE, type SettledDecision } from '../../../core/conversations';
import type { Database } from '../../../core/database';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { databaseFor, dropDatabase, makeTenant, textBody, type TestTenant } from '../../support/factory';
import { person, receive } from '../leads/turns';

let test_: TestDatabase;
let database: Database;
let tenant: TestTenant;

beforeAll(async () => {
	test_ = await createTestDatabase();
	database = databaseFor(test_);
});
afterAll(async () => await dropDatabase(database, test_));
beforeEach(async () => {
	tenant = await makeTenant(database);
});

const reply: SettledDecision = { ...SILENCE, action: 'reply', messages: ['olá'] };
const sql = async <T extends object>(text: string, values: unknown[] = [tenant.id]): Promise<T[]> =>
	(await test_.admin.query<T>(text, values)).rows;
const limitTo = async (most: number | null) =>
	void (await sql('update agent_factory.tenants set max_auto_responses_per_day = $2 where id = $1', [tenant.id, most]));

/** As many people write at once as decisions are given, and each is settled by a worker of its own. */
async function settleAtOnce(...decisions: SettledDecision[]): Promise<number> {
	for (const _ of decisions) {
		await receive(database, textBody(tenant.phoneNumberId, [{ from: person(), text: 'oi' }]));
	}
	const turns = (await claimTurns(database, { workerId: 'w', limit: 100 })).filter((t) => t.tenantId === tenant.id);
	const settled = await Promise.all(turns.map(async (turn, n) => await completeTurn(database, turn, decisions[n])));
	return settled.filter(({ outboxIds }) => outboxIds.length > 0).length;
}
const replies = async () =>
	(
		await sql<{ value: string }>(
			`select value from agent_factory.usage_counters where tenant_id = $1 and metric = 'auto_responses'`,
		)
	).map(({ value }) => Number(value));
const told = async () =>
	await sql(
		`select details from agent_factory.audit_events where tenant_id = $1 and event_type = 'plan.auto_responses_limit'`,
	);

test('of two replies at once the last place of the day takes one; the other becomes a hand-over', async () => {
	await limitTo(3);
	expect(await settleAtOnce(reply, reply)).toBe(2);
	expect(await settleAtOnce(reply, reply)).toBe(1);
	expect(await replies()).toEqual([3]);
	const outcomes = await sql<{ outcome: string; handoff_reason: string | null }>(
		'select outcome, handoff_reason from agent_factory.turns where tenant_id = $1 order by outcome',
	);
	expect(outcomes).toEqual([
		{ outcome: 'handoff', handoff_reason: 'limit' },
		...Array.from({ length: 3 }, () => ({ outcome: 'reply', handoff_reason: null })),
	]);
	expect(
		await sql(`select 1 from agent_factory.conversations where tenant_id = $1 and status = 'handoff'`),
	).toHaveLength(1);
});

test('twenty at once stay within the plan, and the tenant is told once', async () => {
	await limitTo(5);
	expect(await settleAtOnce(...Array.from({ length: 20 }, () => reply))).toBe(5);
	expect(await replies()).toEqual([5]);
	expect(await told()).toMatchObject([{ details: { limit: 5 } }]);
	expect(await settleAtOnce(reply)).toBe(0);
	expect(await told()).toHaveLength(1);
});

test('without a limit all are counted; with none allowed none is sent', async () => {
	expect(await settleAtOnce(reply, reply, reply)).toBe(3);
	expect(await replies()).toEqual([3]);
	await limitTo(0);
	expect(await settleAtOnce(reply)).toBe(0);
	expect(await replies()).toEqual([3]);
});

test('who opts out hears so, whatever the plan', async () => {
	await limitTo(0);
	expect(await settleAtOnce({ ...reply, optOut: true })).toBe(1);
	expect(
		await sql('select 1 from agent_factory.contacts where tenant_id = $1 and opted_out_at is not null'),
	).toHaveLength(1);
	expect(await told()).toEqual([]);
});
