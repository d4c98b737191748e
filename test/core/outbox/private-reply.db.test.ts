import type { Database } from '../../../core/database';
import { ingest } from '../../../core/ingest';
import { createGraphClient, signBody } from '../../../core/meta';
import { deliverDue, sendDirect, sendPrivateReply } from '../../../core/outbox';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { databaseFor, dropDatabase, listen, vault } from '../../support/factory';
import { commentBody, makeInstagramTenant, messagingBody, mid, type InstagramTenant } from '../../support/instagram';

const LEO = { id: '9902220003330001', username: 'leo.demo' };
const DAY_MS = 86_400_000;

let test_: TestDatabase;
let database: Database;
let tenant: InstagramTenant;

beforeAll(async () => {
	test_ = await createTestDatabase();
	database = databaseFor(test_);
});
afterAll(async () => await dropDatabase(database, test_));
beforeEach(async () => {
	tenant = await makeInstagramTenant(database);
	await test_.admin.query(`update agent_factory.outbox_lanes set available_at = 'infinity'`);
});

async function post(body: unknown): Promise<void> {
	const rawBody = Buffer.from(JSON.stringify(body));
	const { error } = await ingest(database, { rawBody, signature: signBody(rawBody, 'secret'), secrets: ['secret'] });
	if (error) throw error;
}
let serial = 0;
async function comment(changes: Partial<Parameters<typeof commentBody>[1]> = {}): Promise<string> {
	const id = `1787700000000${serial++}`;
	await post(commentBody(tenant.instagramId, { id, from: LEO, ...changes }));
	return id;
}
const reply = async (commentId: string, text = 'Oi, te chamei aqui!') =>
	await sendPrivateReply(database, tenant.id, { commentId, text });

/** The bodies that Graph got. */
async function deliver(): Promise<Array<Record<string, unknown>>> {
	const bodies: Array<Record<string, unknown>> = [];
	const server = await listen((body) => {
		bodies.push(JSON.parse(body));
		return { status: 200, body: { recipient_id: LEO.id, message_id: mid() } };
	});
	try {
		const graph = createGraphClient({ fetch, baseUrl: server.url, version: 'v25.0', timeoutMs: 2_000 });
		await deliverDue(database, { graph, vault, random: () => 0.5 }, { workerId: 'sender', limit: 50 });
		return bodies;
	} finally {
		await server.close();
	}
}
const outbox = async () =>
	(
		await test_.admin.query('select * from agent_factory.outbox_messages where tenant_id = $1 order by seq', [
			tenant.id,
		])
	).rows;

test('a comment is answered by a private message to its author', async () => {
	await reply(await comment());
	expect(await deliver()).toEqual([
		{
			recipient: { comment_id: expect.stringMatching(/^17877/) },
			messaging_type: 'RESPONSE',
			message: { text: 'Oi, te chamei aqui!' },
		},
	]);
	expect(await outbox()).toMatchObject([{ status: 'sent', kind: 'direct' }]);
});

test('a comment takes one private reply: the same again is the same row, another is refused', async () => {
	const id = await comment();
	const first = await reply(id);
	expect(await reply(id)).toEqual(first);
	await expect(reply(id, 'outra coisa')).rejects.toMatchObject({ code: 'WRONG_STATE' });
	expect(await deliver()).toHaveLength(1);
	expect(await reply(id)).toEqual(first);
	expect(await deliver()).toEqual([]);
});

test('of two that answer one comment at the same moment one wins, and the other is told', async () => {
	const id = await comment();
	const answers = await Promise.allSettled([reply(id, 'a'), reply(id, 'b'), reply(id, 'c')]);
	expect(answers.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected', 'rejected']);
	expect(await outbox()).toHaveLength(1);
});

test('two comments of one person get a private reply each', async () => {
	await reply(await comment(), 'um');
	await reply(await comment(), 'dois');
	expect((await deliver()).map(({ message }) => message)).toEqual([{ text: 'um' }, { text: 'dois' }]);
});

test.each([
	['less than 7 days old', 7 * DAY_MS - 60_000, 'sent', null],
	['7 days old', 7 * DAY_MS, 'blocked', 'comment_older_than_7_days'],
])('a comment that is %s: %#', async (_, age, status, reason) => {
	await reply(await comment({ at: new Date(Date.now() - age) }));
	await deliver();
	expect(await outbox()).toMatchObject([{ status, error_message: reason }]);
});

test('a comment that grows too old while its reply waits is not answered any more', async () => {
	await reply(await comment());
	await test_.admin.query(
		`update agent_factory.outbox_messages set whatsapp_payload = jsonb_set(whatsapp_payload, '{privateReply,commentedAt}', to_jsonb(now() - interval '7 days')) where tenant_id = $1`,
		[tenant.id],
	);
	expect(await deliver()).toEqual([]);
	expect(await outbox()).toMatchObject([{ status: 'blocked', error_message: 'comment_older_than_7_days' }]);
});

test('a comment on a live video is not answered: nobody tells us when it ends', async () => {
	await reply(await comment({ live: true }));
	expect(await deliver()).toEqual([]);
	expect(await outbox()).toMatchObject([{ status: 'blocked', error_message: 'live_comment_only_while_live' }]);
});

test('a comment opens no window for anything after the private reply, a message does', async () => {
	const { conversationId } = await reply(await comment());
	await sendDirect(database, tenant.id, { conversationId, key: 'after', content: { text: 'e mais' } });
	expect(await deliver()).toHaveLength(1);
	expect((await outbox()).map(({ status, error_message }) => [status, error_message])).toEqual([
		['sent', null],
		['blocked', 'outside_24h_window'],
	]);
	await post(messagingBody(tenant.instagramId, { id: LEO.id }, { message: { mid: mid(), text: 'Oi!' } }));
	await sendDirect(database, tenant.id, { conversationId, key: 'answer', content: { text: 'agora sim' } });
	expect((await deliver()).map(({ recipient }) => recipient)).toEqual([{ id: LEO.id }]);
});

test('who opted out gets no private reply', async () => {
	const id = await comment();
	await test_.admin.query(`update agent_factory.contacts set opted_out_at = now() where tenant_id = $1`, [tenant.id]);
	await reply(id);
	expect(await deliver()).toEqual([]);
	expect(await outbox()).toMatchObject([{ status: 'blocked', error_message: 'contact_opted_out' }]);
});

test.each([
	['that nobody made', async () => 'never', 'NOT_FOUND'],
	['by the account itself', async () => await comment({ from: { id: tenant.instagramId } }), 'WRONG_STATE'],
	[
		'of another tenant',
		async () => {
			const other = await makeInstagramTenant(database);
			await post(commentBody(other.instagramId, { id: 'theirs', from: LEO }));
			return 'theirs';
		},
		'NOT_FOUND',
	],
])('a comment %s is refused', async (_, made, code) => {
	await expect(reply(await made())).rejects.toMatchObject({ code });
	expect(await outbox()).toEqual([]);
});

test('a text that is empty or longer than one message is refused before anything is written', async () => {
	const id = await comment();
	await expect(reply(id, ' ')).rejects.toMatchObject({ code: 'MESSAGE_EMPTY' });
	await expect(reply(id, 'é'.repeat(501))).rejects.toMatchObject({ code: 'VALUE_REFUSED' });
	expect(await outbox()).toEqual([]);
});
