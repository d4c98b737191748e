import {
	claimTurns,
	completeTurn,
	loadTurn,
	requeueDeadLetters,
	listDeadLetters,
	retryTurn,
	type SettledDecision,
} from '../../../core/conversations';
import type { Database } from '../../../core/database';
import { ingest } from '../../../core/ingest';
import { signBody } from '../../../core/meta';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { databaseFor, dropDatabase, makeTenant, textBody, wamid, type TestTenant } from '../../support/factory';

let test_: TestDatabase;
let database: Database;

beforeAll(async () => {
	test_ = await createTestDatabase();
	database = databaseFor(test_);
});
afterAll(async () => await dropDatabase(database, test_));

const send = async (tenant: TestTenant, messages: Array<{ from: string; text: string; id?: string; at?: Date }>) => {
	const rawBody = Buffer.from(JSON.stringify(textBody(tenant.phoneNumberId, messages)));
	return await ingest(database, { rawBody, signature: signBody(rawBody, 'secret'), secrets: ['secret'] });
};

const reply = (...messages: string[]): SettledDecision => ({
	action: 'reply',
	messages,
	handoffReason: null,
	deferUntil: null,
	optOut: false,
	checks: [],
	usage: [],
	agentVersionId: null,
	systemPromptId: null,
	personaId: null,
});

const claimOf = async (tenant: TestTenant, limit = 50) =>
	(await claimTurns(database, { workerId: 'w', limit })).filter((turn) => turn.tenantId === tenant.id);

test('a message becomes one event, one message and one turn, however often it is delivered', async () => {
	const tenant = await makeTenant(database);
	const message = { from: '5511988880001', text: 'oi', id: wamid() };
	const first = await send(tenant, [message, message]);
	const again = await Promise.all(Array.from({ length: 10 }, async () => await send(tenant, [message])));
	expect(first.events.map(({ outcome }) => outcome)).toEqual(['queued']);
	expect(again.flatMap(({ events }) => events.map(({ outcome }) => outcome))).toEqual(
		Array.from({ length: 10 }, () => 'duplicate'),
	);
	const [turn, ...others] = await claimOf(tenant);
	expect(others).toEqual([]);
	expect(turn.messageIds).toHaveLength(1);
	const loaded = await loadTurn(database, turn);
	expect(loaded?.context.incoming.map(({ text }) => text)).toEqual(['oi']);
	expect(loaded?.context.tenant.slug).toBe(tenant.slug);
	expect(loaded?.agentVersionId).not.toBeNull();
});

test('ten deliveries at once of a first message make one contact and one turn', async () => {
	const tenant = await makeTenant(database);
	const messages = Array.from({ length: 10 }, (_, i) => ({ from: '5511988880002', text: `m${i}`, id: wamid() }));
	const results = await Promise.all(messages.map(async (message) => await send(tenant, [message])));
	expect(results.map(({ httpStatus }) => httpStatus)).toEqual(results.map(() => 200));
	const { rows } = await test_.admin.query(
		'select count(*)::int as n from agent_factory.contacts where tenant_id = $1',
		[tenant.id],
	);
	expect(rows[0].n).toBe(1);
	const claimed = await claimOf(tenant);
	expect(claimed).toHaveLength(1);
	expect(claimed[0].messageIds).toHaveLength(10);
});

test('a conversation is leased to one worker, and a settled turn writes its replies in order', async () => {
	const tenant = await makeTenant(database);
	await send(tenant, [{ from: '5511988880003', text: 'oi' }]);
	const [turn] = await claimOf(tenant);
	await send(tenant, [{ from: '5511988880003', text: 'e aí?' }]);
	expect(await claimOf(tenant)).toEqual([]);
	const done = await completeTurn(database, turn, reply('um', 'dois'));
	expect(done).toMatchObject({ turnId: turn.turnId, waiting: 1 });
	expect(done.outboxIds).toHaveLength(2);
	const [next] = await claimOf(tenant);
	expect((await loadTurn(database, next))?.context.history.map(({ role, text }) => `${role}: ${text}`)).toEqual([
		'contact: oi',
		'agent: um',
		'agent: dois',
	]);
});

test('a worker that lost its lease writes nothing', async () => {
	const tenant = await makeTenant(database);
	await send(tenant, [{ from: '5511988880004', text: 'oi' }]);
	const [slow] = (await claimTurns(database, { workerId: 'slow', limit: 50, leaseSeconds: 0 })).filter(
		(turn) => turn.tenantId === tenant.id,
	);
	const [quick] = await claimOf(tenant);
	expect(quick.turnId).toBe(slow.turnId);
	expect(quick.attempts).toBe(2);
	await expect(completeTurn(database, slow, reply('atrasado'))).rejects.toMatchObject({ code: 'LEASE_LOST' });
	await completeTurn(database, quick, reply('certo'));
	const { rows } = await test_.admin.query(
		'select body from agent_factory.messages where tenant_id = $1 and direction = $2',
		[tenant.id, 'outbound'],
	);
	expect(rows.map(({ body }) => body)).toEqual(['certo']);
	await expect(completeTurn(database, quick, reply('de novo'))).rejects.toMatchObject({ code: 'LEASE_LOST' });
});

test('a turn that is put back keeps its place and its attempt', async () => {
	const tenant = await makeTenant(database);
	await send(tenant, [{ from: '5511988880005', text: 'primeira' }]);
	const [turn] = await claimOf(tenant);
	await retryTurn(database, turn, { delaySeconds: 0, error: 'LLM_TIMEOUT' });
	await send(tenant, [{ from: '5511988880005', text: 'segunda' }]);
	const [again] = await claimOf(tenant);
	expect(again).toMatchObject({ turnId: turn.turnId, attempts: 2 });
	expect(again.messageIds).toHaveLength(2);
	await retryTurn(database, again, { delaySeconds: 60, error: 'LLM_TIMEOUT' });
	expect(await claimOf(tenant)).toEqual([]);
});

test('a turn that fails every time becomes a dead letter that a person can requeue', async () => {
	const tenant = await makeTenant(database);
	await send(tenant, [{ from: '5511988880006', text: 'veneno' }]);
	for (let attempt = 1; attempt <= 5; attempt++) {
		const [turn] = (await claimTurns(database, { workerId: 'dies', limit: 50, leaseSeconds: 0 })).filter(
			({ tenantId }) => tenantId === tenant.id,
		);
		expect(turn.attempts).toBe(attempt);
	}
	expect(await claimOf(tenant)).toEqual([]);
	const [dead] = await listDeadLetters(database, tenant.id);
	expect(dead).toMatchObject({ messages: 1 });
	expect(await requeueDeadLetters(database, tenant.id, [Number(dead.turnId)])).toBe(1);
	expect((await claimOf(tenant))[0]).toMatchObject({ attempts: 1 });
});

test('one busy tenant does not hold back a quiet one', async () => {
	const [busy, quiet] = [await makeTenant(database), await makeTenant(database)];
	await send(
		busy,
		Array.from({ length: 40 }, (_, i) => ({ from: `55119777700${10 + i}`, text: 'oi' })),
	);
	await send(quiet, [{ from: '5511977779999', text: 'oi' }]);
	const claimed = await claimTurns(database, { workerId: 'w', limit: 10 });
	expect(claimed.some(({ tenantId }) => tenantId === quiet.id)).toBe(true);
	expect(claimed).toHaveLength(10);
});

test('a burst waits for its last message, at the latest for the cap', async () => {
	const tenant = await makeTenant(database, { limits: { debounceSeconds: 30, debounceMaxSeconds: 60 } });
	await send(tenant, [{ from: '5511988880007', text: 'a' }]);
	expect(await claimOf(tenant)).toEqual([]);
	const due = async () =>
		(
			await test_.admin.query(
				`select round(extract(epoch from available_at - burst_started_at))::int as wait from agent_factory.conversation_locks where tenant_id = $1`,
				[tenant.id],
			)
		).rows[0].wait;
	expect(await due()).toBe(30);
	await test_.admin.query(
		`update agent_factory.conversation_locks set burst_started_at = now() - interval '50 seconds' where tenant_id = $1`,
		[tenant.id],
	);
	await send(tenant, [{ from: '5511988880007', text: 'b' }]);
	expect(await due()).toBe(60);
});

test('paused tenants and unknown numbers get 200 and no turn, and leave a trace', async () => {
	const tenant = await makeTenant(database);
	await test_.admin.query(`update agent_factory.tenants set status = 'paused' where id = $1`, [tenant.id]);
	const paused = await send(tenant, [{ from: '5511988880008', text: 'oi' }]);
	expect([paused.httpStatus, paused.events[0].outcome]).toEqual([200, 'ignored']);
	const unknown = await send({ ...tenant, phoneNumberId: '999' }, [{ from: '5511988880009', text: 'oi' }]);
	expect([unknown.httpStatus, unknown.events[0].outcome]).toEqual([200, 'ignored']);
	const { rows } = await test_.admin.query(
		`select event_type from agent_factory.audit_events where event_type in ('ingest.no_turn', 'ingest.unknown_account') order by 1`,
	);
	expect(rows.map(({ event_type }) => event_type)).toEqual(
		expect.arrayContaining(['ingest.no_turn', 'ingest.unknown_account']),
	);
	expect(await claimOf(tenant)).toEqual([]);
});

test('work of a paused tenant is not due: it must not start executions', async () => {
	const tenant = await makeTenant(database);
	const due = async () =>
		(await test_.admin.query('select turns from agent_factory.due_work()')).rows[0].turns as number;
	const before = await due();
	await send(tenant, [{ from: '5511988880011', text: 'oi' }]);
	expect(await due()).toBe(before + 1);
	await test_.admin.query(`update agent_factory.tenants set status = 'paused' where id = $1`, [tenant.id]);
	expect(await due()).toBe(before);
	expect(await claimOf(tenant)).toEqual([]);
	await test_.admin.query(`update agent_factory.tenants set status = 'active' where id = $1`, [tenant.id]);
	expect(await claimOf(tenant)).toHaveLength(1);
});

test('an opt-out and a hand-over stop the next turn', async () => {
	const tenant = await makeTenant(database);
	await send(tenant, [{ from: '5511988880010', text: 'quero falar com uma pessoa' }]);
	const [turn] = await claimOf(tenant);
	await completeTurn(database, turn, {
		...reply('Já chamo alguém.'),
		action: 'handoff',
		handoffReason: 'asked_for_person',
	});
	const later = await send(tenant, [{ from: '5511988880010', text: 'alô?' }]);
	expect(later.events[0].outcome).toBe('processed');
	expect(await claimOf(tenant)).toEqual([]);
});
