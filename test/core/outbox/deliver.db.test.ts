import { claimTurns, completeTurn, handOff, type SettledDecision } from '../../../core/conversations';
import type { Database } from '../../../core/database';
import { ingest } from '../../../core/ingest';
import { createGraphClient, signBody } from '../../../core/meta';
import { deliverDue, listUnknown, sendDirect, settleUnknown } from '../../../core/outbox';
import { listPausedAccounts } from '../../../core/tenancy';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import {
	databaseFor,
	dropDatabase,
	listen,
	makeTenant,
	statusBody,
	textBody,
	vault,
	wamid,
	type TestTenant,
} from '../../support/factory';

let test_: TestDatabase;
let database: Database;

beforeAll(async () => {
	test_ = await createTestDatabase();
	database = databaseFor(test_);
});
afterAll(async () => await dropDatabase(database, test_));
// What one test leaves waiting must not become due in another.
afterEach(async () => await test_.admin.query(`update agent_factory.outbox_lanes set available_at = 'infinity'`));

const post = async (body: unknown) => {
	const rawBody = Buffer.from(JSON.stringify(body));
	return await ingest(database, { rawBody, signature: signBody(rawBody, 'secret'), secrets: ['secret'] });
};

const decision = (messages: string[], changes: Partial<SettledDecision> = {}): SettledDecision => ({
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
	...changes,
});

/** A customer's message, its turn, and the reply in the outbox. */
async function reply(tenant: TestTenant, from: string, texts: string[], at = new Date()) {
	await post(textBody(tenant.phoneNumberId, [{ from, text: 'oi', at }]));
	const [turn] = (await claimTurns(database, { workerId: 'w', limit: 50 })).filter(
		({ tenantId }) => tenantId === tenant.id,
	);
	return { turn, ...(await completeTurn(database, turn, decision(texts))) };
}

const accepted = (): { status: number; body: unknown } => ({
	status: 200,
	body: { messaging_product: 'whatsapp', contacts: [{ input: '1' }], messages: [{ id: wamid() }] },
});
const refused = (code: number, status = 400) => ({
	status,
	body: { error: { message: 'no', type: 'OAuthException', code, fbtrace_id: 'x' } },
});

/** Delivers this tenant's messages through a real HTTP call that `answer` serves; returns the bodies that arrived. */
async function deliver(answer: (body: string) => { status: number; body: unknown } = accepted) {
	const bodies: Array<Record<string, any>> = [];
	const server = await listen((body) => {
		bodies.push(JSON.parse(body));
		return answer(body);
	});
	try {
		const graph = createGraphClient({ fetch, baseUrl: server.url, version: 'v25.0', timeoutMs: 2_000 });
		const deliveries = await deliverDue(
			database,
			{ graph, vault, random: () => 0.5 },
			{ workerId: 'sender', limit: 50 },
		);
		return { deliveries, bodies };
	} finally {
		await server.close();
	}
}

const outbox = async (tenant: TestTenant) =>
	(
		await test_.admin.query('select * from agent_factory.outbox_messages where tenant_id = $1 order by seq', [
			tenant.id,
		])
	).rows;
const audits = async (tenant: TestTenant) =>
	(
		await test_.admin.query('select event_type from agent_factory.audit_events where tenant_id = $1 order by id', [
			tenant.id,
		])
	).rows.map(({ event_type }) => event_type);

test('the parts of a reply leave one after the other and statuses move them forward only', async () => {
	const tenant = await makeTenant(database);
	await reply(tenant, '5511966660001', ['um', 'dois']);
	const sent = await deliver();
	expect(sent.bodies.map(({ text }) => text.body)).toEqual(['um', 'dois']);
	expect(sent.bodies[1]).toMatchObject({
		to: '+5511966660001',
		messaging_product: 'whatsapp',
		biz_opaque_callback_data: sent.deliveries[1].outboxId,
	});
	const id = sent.deliveries[0].providerMessageId as string;
	await post(
		statusBody(tenant.phoneNumberId, [
			{ id, status: 'read' },
			{ id, status: 'delivered' },
			{ id, status: 'sent' },
		]),
	);
	expect((await outbox(tenant)).map(({ status }) => status)).toEqual(['read', 'sent']);
	expect((await deliver()).bodies).toEqual([]);
});

test('a status that is faster than the answer is not lost', async () => {
	const tenant = await makeTenant(database);
	await reply(tenant, '5511966660002', ['oi']);
	const id = wamid();
	await post(statusBody(tenant.phoneNumberId, [{ id, status: 'delivered' }]));
	await deliver(() => ({ status: 200, body: { messages: [{ id }] } }));
	expect((await outbox(tenant))[0]).toMatchObject({ status: 'delivered', provider_message_id: id });
});

test('a call that ends without an answer is never sent again; the status settles it', async () => {
	const tenant = await makeTenant(database);
	const { outboxIds } = await reply(tenant, '5511966660003', ['oi', 'e mais']);
	await deliver(() => refused(131000, 500));
	expect((await outbox(tenant))[0].status).toBe('unknown');
	expect((await deliver()).bodies).toEqual([]);
	expect(await listUnknown(database, tenant.id)).toHaveLength(1);
	await post(statusBody(tenant.phoneNumberId, [{ id: wamid(), status: 'sent', callbackData: outboxIds[0] }]));
	expect((await outbox(tenant))[0]).toMatchObject({ status: 'sent', settled_by: 'status' });
	expect((await deliver()).bodies.map(({ text }) => text.body)).toEqual(['e mais']);
});

test('a person may settle an unknown send', async () => {
	const tenant = await makeTenant(database);
	const { outboxIds } = await reply(tenant, '5511966660004', ['oi']);
	await deliver(() => refused(131000, 500));
	expect(await settleUnknown(database, tenant.id, outboxIds[0], 'send_again')).toBe('pending');
	expect((await deliver()).bodies).toHaveLength(1);
	await expect(settleUnknown(database, tenant.id, outboxIds[0], 'sent')).rejects.toMatchObject({ code: 'WRONG_STATE' });
});

test("an expired token stands one tenant's lane and nobody else's", async () => {
	const [ill, well] = [await makeTenant(database), await makeTenant(database)];
	await reply(ill, '5511966660005', ['a']);
	await deliver(() => refused(190, 401));
	expect((await audits(ill)).filter((type) => type === 'channel_account.paused')).toHaveLength(1);
	expect(await listPausedAccounts(database)).toEqual(
		expect.arrayContaining([expect.objectContaining({ tenant_slug: ill.slug, waiting: 1 })]),
	);
	await reply(well, '5511966660006', ['b']);
	expect((await deliver()).bodies.map(({ text }) => text.body)).toEqual(['b']);
	expect((await outbox(ill))[0]).toMatchObject({ status: 'pending', attempts: 0 });
});

test('rate limits wait, lasting refusals fail and take the later parts with them', async () => {
	const tenant = await makeTenant(database);
	await reply(tenant, '5511966660007', ['a']);
	await deliver(() => refused(131056));
	expect((await outbox(tenant))[0]).toMatchObject({ status: 'pending', error_code: 131056 });
	const other = await makeTenant(database);
	await reply(other, '5511966660008', ['a', 'b']);
	await deliver(() => refused(131026));
	expect((await outbox(other)).map(({ status }) => status)).toEqual(['failed', 'failed']);
});

test('outside the 24 hours a template goes out, and without one the message is blocked and audited', async () => {
	const tenant = await makeTenant(database);
	const old = new Date(Date.now() - 25 * 3_600_000);
	await reply(tenant, '5511966660009', ['tarde demais'], old);
	expect((await deliver()).bodies).toEqual([]);
	expect((await outbox(tenant))[0]).toMatchObject({ status: 'blocked', error_message: 'outside_24h_window' });
	expect(await audits(tenant)).toContain('outbox.blocked');
	await test_.admin.query(
		`insert into agent_factory.message_templates (tenant_id, name, category, content, meta_name, meta_status) values ($1, 'w', 'window', 'Oi', 'retomar', 'APPROVED')`,
		[tenant.id],
	);
	await reply(tenant, '5511966660010', ['tarde demais'], old);
	expect((await deliver()).bodies[0]).toMatchObject({ type: 'template', template: { name: 'retomar' } });
});

test("Meta's word that the window is closed turns a text into a template", async () => {
	const tenant = await makeTenant(database);
	await test_.admin.query(
		`insert into agent_factory.message_templates (tenant_id, name, category, content, meta_name, meta_status) values ($1, 'w', 'window', 'Oi', 'retomar', 'APPROVED')`,
		[tenant.id],
	);
	await reply(tenant, '5511966660011', ['oi']);
	const { bodies } = await deliver((body) => (JSON.parse(body).type === 'text' ? refused(131047) : accepted()));
	expect(bodies.map(({ type }) => type)).toEqual(['text', 'template']);
});

test('a reply that a newer message has overtaken is not sent, but only once in a row', async () => {
	const tenant = await makeTenant(database);
	const from = '5511966660012';
	await reply(tenant, from, ['velha']);
	await post(textBody(tenant.phoneNumberId, [{ from, text: 'mais uma' }]));
	expect((await deliver()).bodies).toEqual([]);
	await reply(tenant, from, ['nova']);
	await post(textBody(tenant.phoneNumberId, [{ from, text: 'e outra' }]));
	expect((await deliver()).bodies.map(({ text }) => text.body)).toEqual(['nova']);
	expect((await outbox(tenant)).map(({ status }) => status)).toEqual(['superseded', 'sent']);
});

test('a reply that a later turn took as said is sent, before and after that turn is settled', async () => {
	const tenant = await makeTenant(database);
	const from = '5511966660016';
	await reply(tenant, from, ['um']);
	await post(textBody(tenant.phoneNumberId, [{ from, text: 'e mais' }]));
	const [next] = (await claimTurns(database, { workerId: 'w', limit: 50 })).filter(
		({ tenantId }) => tenantId === tenant.id,
	);
	expect((await deliver()).bodies.map(({ text }) => text.body)).toEqual(['um']);
	await completeTurn(database, next, decision(['dois']));
	await reply(tenant, from, ['três']);
	await post(textBody(tenant.phoneNumberId, [{ from, text: 'outra' }]));
	expect((await deliver()).bodies.map(({ text }) => text.body)).toEqual(['dois']);
	expect((await outbox(tenant)).map(({ status }) => status)).toEqual(['sent', 'sent', 'superseded']);
});

test('a person who takes over withdraws what the agent had not sent, and can write', async () => {
	const tenant = await makeTenant(database);
	const { turn } = await reply(tenant, '5511966660013', ['automática']);
	await handOff(database, tenant.id, turn.conversationId);
	await sendDirect(database, tenant.id, {
		conversationId: turn.conversationId,
		key: 'k1',
		content: { text: 'Sou eu' },
	});
	await sendDirect(database, tenant.id, {
		conversationId: turn.conversationId,
		key: 'k1',
		content: { text: 'Sou eu' },
	});
	expect((await deliver()).bodies.map(({ text }) => text.body)).toEqual(['Sou eu']);
	expect((await outbox(tenant)).map(({ status }) => status)).toEqual(['superseded', 'sent']);
});

test('who opted out gets the confirmation and nothing after it', async () => {
	const tenant = await makeTenant(database);
	await post(textBody(tenant.phoneNumberId, [{ from: '5511966660014', text: 'SAIR' }]));
	const [turn] = (await claimTurns(database, { workerId: 'w', limit: 50 })).filter(
		({ tenantId }) => tenantId === tenant.id,
	);
	await completeTurn(database, turn, decision(['Pronto.'], { optOut: true }));
	expect((await deliver()).bodies).toHaveLength(1);
	await sendDirect(database, tenant.id, {
		conversationId: turn.conversationId,
		key: 'k2',
		content: { text: 'promoção' },
	});
	expect((await deliver()).bodies).toEqual([]);
	expect((await outbox(tenant)).map(({ status }) => status)).toEqual(['sent', 'blocked']);
});

test('a sender that dies in the call leaves an unknown send, not a second one', async () => {
	const tenant = await makeTenant(database);
	await reply(tenant, '5511966660015', ['oi']);
	await test_.admin.query(`select * from agent_factory.claim_outbox('dies', 50, 0, 600)`);
	expect((await deliver()).bodies).toEqual([]);
	expect((await outbox(tenant))[0].status).toBe('unknown');
});
