import { claimTurns, completeTurn, loadTurn, SILENCE, type SettledDecision } from '../../../core/conversations';
import type { Database } from '../../../core/database';
import { sendDirect } from '../../../core/outbox';
import { inTenant } from '../../../core/tenancy';
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
afterEach(async () => void (await test_.admin.query('delete from agent_factory.factory_switches')));

const reply: SettledDecision = { ...SILENCE, action: 'reply', messages: ['olá', 'tudo bem?'] };
const sql = async <T extends object>(text: string, values: unknown[] = [tenant.id]): Promise<T[]> =>
	(await test_.admin.query<T>(text, values)).rows;
const door = async (text: string, values: unknown[]) =>
	(await database.pool.query<{ done: any }>(`select ${text} as done`, values)).rows[0].done;
const own = async (text: string, values: unknown[]): Promise<any> =>
	(await inTenant(database, tenant.id, async (db) => await db.one<{ done: any }>(`select ${text} as done`, values)))!
		.done;
const agentSet = async (change: object) =>
	await own('set_agent_mode($1, $2, $3)', [tenant.id, tenant.agentId, JSON.stringify(change)]);

async function takeTurn(from = person()) {
	await receive(database, textBody(tenant.phoneNumberId, [{ from, text: 'oi' }]));
	const turns = await claimTurns(database, { workerId: 'w', limit: 100 });
	return turns.filter((turn) => turn.tenantId === tenant.id)[0];
}
const automationOf = async (from?: string): Promise<string | undefined> =>
	(await loadTurn(database, await takeTurn(from)))?.automation;
const claimed = async () =>
	(await database.pool.query(`select * from agent_factory.claim_outbox('w', 50, 60, 60)`)).rows
		.filter((row) => row.tenant_id === tenant.id)
		.map((row) => row.payload.text.body as string);
/** A look takes one message a lane. */
const claimedInThreeLooks = async () => [...(await claimed()), ...(await claimed()), ...(await claimed())];
const blocked = async () =>
	await sql(
		`select error_message as why from agent_factory.outbox_messages where tenant_id = $1 and status = 'blocked'`,
	);

describe.each([
	['a tenant', async (on: boolean) => await own('set_tenant_automation($1, $2, null)', [tenant.id, on])],
	['all', async (on: boolean) => await door('agent_factory.set_factory_automation($1, $2, $3)', [on, 'test', 'ops'])],
])('the switch of %s', (_, stop) => {
	test('stops the replies that wait at once, and not what a person sends', async () => {
		const turn = await takeTurn();
		await completeTurn(database, turn, reply);
		await stop(true);
		await sendDirect(database, tenant.id, {
			conversationId: turn.conversationId,
			key: 'k',
			content: { text: 'sou gente' },
		});
		expect(await claimedInThreeLooks()).toEqual(['sou gente']);
		expect(await blocked()).toEqual([{ why: 'automation_stopped' }, { why: 'automation_stopped' }]);
	});

	test('tells who answers, and gives back what only it had handed over', async () => {
		await stop(true);
		expect(await automationOf()).toBe('stopped');
		const [kept, given] = [await takeTurn(), await takeTurn()];
		for (const turn of [kept, given]) {
			await completeTurn(database, turn, { ...SILENCE, action: 'handoff', handoffReason: 'automation_stopped' });
		}
		await sendDirect(database, tenant.id, { conversationId: kept.conversationId, key: 'k', content: { text: 'oi' } });
		expect(await stop(false)).toMatchObject({ stoppedAt: null, reopened: 1 });
		const open = await sql<{ id: string }>(
			`select id from agent_factory.conversations where tenant_id = $1 and id = any ($2) and status = 'open'`,
			[tenant.id, [kept.conversationId, given.conversationId]],
		);
		expect(open).toEqual([{ id: given.conversationId }]);
		expect(await automationOf()).toBe('on');
	});
});

test('a stopped agent sends nothing that it had queued', async () => {
	await completeTurn(database, await takeTurn(), reply);
	await agentSet({ status: 'paused' });
	expect(await claimedInThreeLooks()).toEqual([]);
	expect(await blocked()).toEqual([{ why: 'agent_stopped' }, { why: 'agent_stopped' }]);
});

test('in test mode only who is on the list is answered, however the number is written', async () => {
	await agentSet({ mode: 'test', allowList: ['+55 (11) 98888-0001'] });
	expect(await automationOf('551188880001')).toBe('on');
	expect(await automationOf('5511988880002')).toBe('not_listed');
	await agentSet({ testOthers: 'ignore' });
	expect(await automationOf('5511988880003')).toBe('not_listed_ignored');
	await expect(agentSet({ mode: 'loud' })).rejects.toMatchObject({ code: 'VALUE_REFUSED' });
});

describe('an agent in draft mode', () => {
	const drafts = async () =>
		await sql<{ id: string; status: string; messages: string[] }>(
			`select id, status, messages from agent_factory.reply_drafts where tenant_id = $1 order by turn_id`,
		);
	const send = async (id: string, texts: string[] = []) =>
		await own('send_draft($1, $2, $3, $4)', [tenant.id, id, JSON.stringify(texts), 'Rui']);
	beforeEach(async () => void (await agentSet({ mode: 'draft' })));

	test('writes what a person sends, once, changed or not', async () => {
		await completeTurn(database, await takeTurn(), reply);
		expect(await claimed()).toEqual([]);
		const [draft] = await drafts();
		expect(draft).toMatchObject({ status: 'open', messages: reply.messages });
		expect(await sql('select outcome from agent_factory.turns where tenant_id = $1')).toEqual([{ outcome: 'draft' }]);
		expect(await send(draft.id, ['olá!'])).toMatchObject({ done: true, outboxIds: [expect.any(String)] });
		expect(await send(draft.id)).toMatchObject({ done: false });
		await own('set_tenant_automation($1, true, null)', [tenant.id]);
		expect(await claimed()).toEqual(['olá!']);
	});

	test('a newer draft takes the place of the older, and one that was discarded is not sent', async () => {
		const from = person();
		await completeTurn(database, await takeTurn(from), reply);
		await completeTurn(database, await takeTurn(from), { ...reply, messages: ['de novo'] });
		const [older, newer] = await drafts();
		expect([older.status, newer.status]).toEqual(['superseded', 'open']);
		await expect(send(older.id)).rejects.toMatchObject({ code: 'WRONG_STATE' });
		expect(await own('discard_draft($1, $2, $3)', [tenant.id, newer.id, 'Rui'])).toBe(true);
		expect(await own('discard_draft($1, $2, $3)', [tenant.id, newer.id, 'Rui'])).toBe(false);
		await expect(send(newer.id)).rejects.toMatchObject({ code: 'WRONG_STATE' });
	});

	test('an opt-out is confirmed all the same', async () => {
		await completeTurn(database, await takeTurn(), { ...reply, messages: ['feito'], optOut: true });
		expect(await claimed()).toEqual(['feito']);
	});
});

test('a call is written down before it is made, made once when it ended, and again with the same key when nobody knows', async () => {
	const turn = await takeTurn();
	const begin = async (lease = turn.leaseToken) =>
		await own('begin_tool_call($1, $2, $3, null, $4, $5, $6, $7)', [
			...[tenant.id, turn.turnId, lease, 'google_calendar', 'book_slot', 'turn:1:key', '{"start":"x"}'],
		]);
	const settle = async (id: string, status: string) =>
		await own('settle_tool_call($1, $2, $3, $4, null, 5)', [tenant.id, id, status, '{"bookingId":"b1"}']);
	const { id } = await begin();
	expect(await begin()).toMatchObject({ id, status: 'requested', attempts: 2 });
	expect(await settle(id, 'unknown')).toBe(true);
	expect(await begin()).toMatchObject({ id, status: 'requested', attempts: 3 });
	expect(await settle(id, 'ok')).toBe(true);
	expect(await settle(id, 'failed')).toBe(false);
	expect(await begin()).toEqual({ id, status: 'ok', result: { bookingId: 'b1' }, errorCode: null });
	await expect(begin(turn.leaseToken + 1)).rejects.toMatchObject({ code: 'LEASE_LOST' });
	expect((await loadTurn(database, turn))?.context.toolCalls).toEqual([
		expect.objectContaining({ turnId: turn.turnId, tool: 'book_slot', status: 'ok', result: { bookingId: 'b1' } }),
	]);
});
