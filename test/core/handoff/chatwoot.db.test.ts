import { randomBytes } from 'node:crypto';
import type { Database } from '../../../core/database';
import { connectChatwoot, receiveChatwoot, runHandoffJobs } from '../../../core/handoff';
import { httpCall } from '../../../core/http';
import { sendDirect } from '../../../core/outbox';
import { inTenant } from '../../../core/tenancy';
import { CHATWOOT_ACCOUNT, startChatwootStandIn, type ChatwootStandIn } from '../../../sandbox/standins/chatwoot';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { databaseFor, dropDatabase, makeTenant, vault, type TestTenant } from '../../support/factory';
import { claimOf, handedOver, write } from './support';

let test_: TestDatabase;
let database: Database;
let tenant: TestTenant;
let chatwoot: ChatwootStandIn;
let key: string;
let phones = 5511955550000;

const ports = {
	vault,
	randomBytes,
	request: httpCall,
	allowLocal: true,
	now: () => Date.now(),
	random: () => 0.5,
};
const connect = async (changes: object = {}) =>
	await connectChatwoot(
		database,
		tenant.id,
		{
			...{ baseUrl: chatwoot.url, token: 'chatwoot-token', accountId: CHATWOOT_ACCOUNT, inboxId: 5 },
			webhookUrl: 'https://n8n.example.com/webhook/agent-factory/chatwoot',
			...changes,
		},
		ports,
	);
const rows = async (sql: string, ...values: unknown[]) => (await test_.admin.query(sql, values)).rows;
const becomeDue = async () =>
	await rows(
		`update agent_factory.background_jobs set available_at = now() where tenant_id = $1 and status = 'queued'`,
		tenant.id,
	);
/** Until nothing is due any more: who finds a conversation held comes back. */
const work = async () => {
	const runs = [];
	for (let round = 0; round < 10; round++) {
		await becomeDue();
		const now = await runHandoffJobs(database, { workerId: 'w' }, ports);
		runs.push(...now);
		if (now.length === 0) break;
	}
	return runs;
};
const receive = async (body: unknown, by = key) => await receiveChatwoot(database, { key: by, body }, ports);
const incoming = () => chatwoot.messages.filter((message) => message.message_type === 0).map(({ content }) => content);
const notes = () => chatwoot.messages.filter((message) => message.private).map(({ content }) => content as string);
const sent = async (conversationId: string) =>
	(
		await rows(
			`select body from agent_factory.messages where conversation_id = $1 and author = 'human' order by id`,
			conversationId,
		)
	).map(({ body }) => body);

beforeAll(async () => {
	test_ = await createTestDatabase();
	database = databaseFor(test_);
});
beforeEach(async () => {
	tenant = await makeTenant(database);
	chatwoot = await startChatwootStandIn();
	key = new URL((await connect()).webhookUrl).searchParams.get('key')!;
});
afterEach(async () => await chatwoot.close());
afterAll(async () => await dropDatabase(database, test_));

test('a Chatwoot of one’s own network is reached by a schedule that allows local addresses to nobody else', async () => {
	await handedOver(database, tenant, String(phones++));
	await becomeDue();
	await runHandoffJobs(database, { workerId: 'w' }, { ...ports, allowLocal: false });
	expect(chatwoot.conversations).toHaveLength(1);
});

test('a hand-over makes one contact, one conversation and one note, then what the customer writes, in order', async () => {
	const from = String(phones++);
	const { conversationId } = await handedOver(database, tenant, from);
	for (const text of ['um', 'dois', 'três']) await write(database, tenant, from, text);
	await work();
	expect(chatwoot.contacts).toHaveLength(1);
	expect(chatwoot.conversations).toMatchObject([
		{ inbox_id: 5, status: 'open', custom_attributes: { agent_factory_conversation: conversationId } },
	]);
	expect(notes()).toHaveLength(1);
	expect(notes()[0]).toContain('Pediu uma pessoa');
	expect(notes()[0]).toContain('quero falar com uma pessoa');
	expect(incoming()).toEqual(['um', 'dois', 'três']);
	await work();
	expect(chatwoot.messages).toHaveLength(4);
});

test("an agent's answer goes to the customer once however often Chatwoot tells of it, and is no loop", async () => {
	const from = String(phones++);
	const { conversationId, handoffId } = await handedOver(database, tenant, from);
	await work();
	const event = chatwoot.agentWrites(chatwoot.conversations[0].id, 'Oi, sou a Ana.');
	expect((await receive(event)).done).toBe('sent');
	expect((await receive(event)).done).toBe('sent');
	expect(await sent(conversationId)).toEqual(['Oi, sou a Ana.']);
	const before = chatwoot.messages.length;
	await write(database, tenant, from, 'obrigado');
	await work();
	expect(incoming()).toEqual(['obrigado']);
	expect(chatwoot.messages).toHaveLength(before + 1);
	const [handoff] = await rows('select first_answer_way from agent_factory.handoffs where id = $1', handoffId);
	expect(handoff.first_answer_way).toBe('chatwoot');
	for (const more of [{ private: true }, { message_type: 'incoming' }, { sender: { type: 'agent_bot' } }])
		expect((await receive({ ...event, id: 999, ...more })).done).toBe('ignored');
	expect(await sent(conversationId)).toHaveLength(1);
});

test('an answer from the page shows in Chatwoot as a note and comes back as nothing', async () => {
	const { conversationId } = await handedOver(database, tenant, String(phones++));
	await sendDirect(database, tenant.id, { conversationId, key: 'handoff:x', content: { text: 'Da página.' } });
	await work();
	expect(notes()).toContain('Equipe: Da página.');
	const note = chatwoot.messages.at(-1)!;
	const told = {
		event: 'message_created',
		id: note.id,
		content: note.content,
		message_type: 'outgoing',
		private: true,
	};
	expect((await receive({ ...told, conversation: { id: note.conversation_id } })).done).toBe('ignored');
});

test('resolved in Chatwoot, the bot has it back and answers what waited; given back here, it is resolved there', async () => {
	const from = String(phones++);
	const { conversationId, handoffId } = await handedOver(database, tenant, from);
	await write(database, tenant, from, 'e domingo?');
	await work();
	expect((await receive(chatwoot.agentSets(chatwoot.conversations[0].id, 'resolved'))).done).toBe('returned');
	expect(await rows('select returned_by from agent_factory.handoffs where id = $1', handoffId)).toEqual([
		{ returned_by: 'chatwoot' },
	]);
	const [turn] = await claimOf(database, tenant);
	expect(turn.conversationId).toBe(conversationId);
	await rows(
		`update agent_factory.message_queue set status = 'completed', finished_at = now(), locked_at = null where conversation_id = $1`,
		conversationId,
	);
	await rows('delete from agent_factory.conversation_locks where conversation_id = $1', conversationId);
	await handedOver(database, tenant, from, 'de novo, uma pessoa');
	await work();
	expect(chatwoot.conversations).toMatchObject([{ status: 'open' }]);
	expect(notes()).toHaveLength(2);
	await inTenant(database, tenant.id, async (db) => {
		await db.one(`select return_handoff($1, $2, 'person')`, [tenant.id, conversationId]);
	});
	await work();
	expect(chatwoot.conversations).toMatchObject([{ status: 'resolved' }]);
});

test.each([
	{ name: 'the contact', call: 'POST /api/v1/accounts/3/contacts' },
	{ name: 'the conversation', call: 'POST /api/v1/accounts/3/conversations' },
])('cut off after $name was made, nothing is made twice', async ({ call }) => {
	const from = String(phones++);
	await handedOver(database, tenant, from);
	await write(database, tenant, from, 'só uma vez');
	chatwoot.fault({ call, drop: true, afterWork: true });
	await work();
	expect(chatwoot.contacts).toHaveLength(1);
	expect(chatwoot.conversations).toHaveLength(1);
	expect(incoming()).toEqual(['só uma vez']);
	expect(notes()).toHaveLength(1);
});

test.each([{ keeps: true }, { keeps: false }])(
	'cut off after a message arrived, it is not sent again (source ids kept: $keeps)',
	async ({ keeps }) => {
		chatwoot.keepsSourceIds = keeps;
		const from = String(phones++);
		await handedOver(database, tenant, from);
		await work();
		await write(database, tenant, from, 'só uma vez');
		chatwoot.fault({ call: '/messages', drop: true, afterWork: true });
		await becomeDue();
		const [cut] = await runHandoffJobs(database, { workerId: 'w' }, ports);
		expect(cut).toMatchObject({ status: 'queued', error: expect.stringMatching(/^CHATWOOT_AWAY/) });
		await work();
		expect(incoming()).toEqual(['só uma vez']);
	},
);

test('a busy Chatwoot is waited for, a refused token ends the job and says what to do', async () => {
	await handedOver(database, tenant, String(phones++));
	chatwoot.fault({ status: 429, retryAfterSeconds: 7 });
	const [busy] = await runHandoffJobs(database, { workerId: 'w' }, ports);
	expect(busy).toMatchObject({ status: 'queued', error: expect.stringMatching(/^CHATWOOT_BUSY/) });
	await becomeDue();
	chatwoot.fault({ status: 401 });
	const [refused] = await runHandoffJobs(database, { workerId: 'w' }, ports);
	expect(refused).toMatchObject({ status: 'failed', error: expect.stringContaining('Connect Chatwoot') });
	expect(refused.error).not.toContain('chatwoot-token');
});

test('webhooks with a made-up or replaced key, and inboxes that take no messages, are refused', async () => {
	await handedOver(database, tenant, String(phones++));
	await work();
	const event = chatwoot.agentWrites(chatwoot.conversations[0].id, 'x');
	await expect(receive(event, 'v1.made.up')).rejects.toMatchObject({ code: 'WEBHOOK_REFUSED' });
	await connect();
	await expect(receive(event)).rejects.toMatchObject({ code: 'WEBHOOK_REFUSED' });
	await expect(connect({ inboxId: 6 })).rejects.toMatchObject({ code: 'CHATWOOT_INBOX_UNFIT' });
	await expect(connect({ token: 'other' })).rejects.toMatchObject({ code: 'CHATWOOT_TOKEN_REFUSED' });
});

test('an answer outside the window is not sent, and the agent reads why', async () => {
	const { conversationId } = await handedOver(database, tenant, String(phones++));
	await work();
	await rows(
		`update agent_factory.conversations set last_customer_message_at = now() - interval '25 hours' where id = $1`,
		conversationId,
	);
	const event = chatwoot.agentWrites(chatwoot.conversations[0].id, 'tarde demais');
	expect(await receive(event)).toMatchObject({ done: 'refused', code: 'HANDOFF_WINDOW_CLOSED' });
	await work();
	expect(await sent(conversationId)).toEqual([]);
	expect(notes().at(-1)).toContain('24 horas');
});
