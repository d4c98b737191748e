import { handOff, resumeConversation } from '../../../core/conversations';
import { completeTurn } from '../../../core/conversations';
import type { Database } from '../../../core/database';
import { sendDirect } from '../../../core/outbox';
import { inTenant, removeMember } from '../../../core/tenancy';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { databaseFor, dropDatabase, makeTenant, wamid, type TestTenant } from '../../support/factory';
import { saveLead } from '../leads/lead-story';
import { age, claimOf, decision, echo, handedOver, member, write } from './support';

let test_: TestDatabase;
let database: Database;
let tenant: TestTenant;

beforeAll(async () => {
	test_ = await createTestDatabase();
	database = databaseFor(test_);
});
beforeEach(async () => {
	tenant = await makeTenant(database);
});
afterAll(async () => await dropDatabase(database, test_));

const rows = async (sql: string, ...values: unknown[]) => (await test_.admin.query(sql, values)).rows;
const handoffs = async () =>
	await rows('select * from agent_factory.handoffs where tenant_id = $1 order by started_at', tenant.id);
const run = async <T extends Record<string, unknown>>(sql: string, ...values: unknown[]) =>
	await inTenant(database, tenant.id, async (db) => await db.one<T>(sql, values), { actor: 'test' });
const quiet = async () => await rows('select * from agent_factory.return_quiet_handoffs(50)');
const escalate = async () =>
	(await rows('select * from agent_factory.escalate_handoffs(50)')).filter((row) => row.tenant_id === tenant.id);

test('the bot that calls a person makes one row with turn, class, score and the words of the persona', async () => {
	const from = '5511977770001';
	await write(database, tenant, from, 'quero falar com alguem');
	const [turn] = await claimOf(database, tenant);
	await saveLead(database, tenant.id, {
		contactId: turn.contactId,
		classification: 'LEAD_HOT',
		icpScore: 84,
		scoreBreakdown: [
			{ axis: 'intent', rule: 'buying_intent', points: 30, messageId: '1', evidence: 'quanto custa' },
			{ axis: 'fit', rule: 'positive_keyword', points: 12, messageId: '1', evidence: 'clinica' },
		],
	});
	await completeTurn(database, turn, decision());
	const [handoff, ...others] = await handoffs();
	expect(others).toEqual([]);
	expect(handoff).toMatchObject({
		conversation_id: turn.conversationId,
		reason: 'asked_for_person',
		classification: 'LEAD_HOT',
		score: 84,
		first_answer_at: null,
		returned_at: null,
	});
	expect(Number(handoff.turn_id)).toBe(turn.turnId);
	expect(handoff.score_reasons).toEqual([
		{ axis: 'intent', rule: 'buying_intent', points: 30 },
		{ axis: 'fit', rule: 'positive_keyword', points: 12, word: 'clinica' },
	]);
	expect(handoff.sla_due_at.getTime() - handoff.started_at.getTime()).toBe(15 * 60_000);
});

test('a second call for a person while one has it makes no second row', async () => {
	const { conversationId } = await handedOver(database, tenant, '5511977770002');
	await handOff(database, tenant.id, conversationId);
	await run('select take_over($1, $2, $3)', tenant.id, conversationId, 'policy');
	expect(await handoffs()).toHaveLength(1);
});

test('an answer of a person counts once as the first answer, and every one is a label without text', async () => {
	const { conversationId, handoffId } = await handedOver(database, tenant, '5511977770003');
	await sendDirect(database, tenant.id, { conversationId, key: `handoff:${handoffId}:a`, content: { text: 'Oi!' } });
	const [{ first_answer_at: first, first_answer_way: way }] = await handoffs();
	expect(way).toBe('page');
	await echo(database, tenant, '5511977770003', 'sou eu, do celular');
	expect((await handoffs())[0].first_answer_at).toEqual(first);
	const labels = await rows(
		'select kind, label, message_id, turn_id from agent_factory.handoff_labels where handoff_id = $1 order by id',
		handoffId,
	);
	expect(labels.map(({ kind, label }) => `${kind} ${label}`)).toEqual(['answer page', 'answer whatsapp']);
	expect(labels.every(({ message_id: message, turn_id: turn }) => message && turn)).toBe(true);
});

test('an echo in an open conversation starts a hand-over that is answered already and tells nobody', async () => {
	const person = await member(database, tenant);
	await run('insert into handoff_recipients (tenant_id, user_id) values ($1, $2)', tenant.id, person.user_id);
	await write(database, tenant, '5511977770004', 'oi');
	await echo(database, tenant, '5511977770004', 'deixa comigo');
	const [handoff] = await handoffs();
	expect(handoff).toMatchObject({ reason: 'human_takeover', first_answer_way: 'whatsapp', sla_due_at: null });
	expect(handoff.first_answer_at).not.toBeNull();
	expect(
		await rows('select 1 from agent_factory.notification_deliveries where tenant_id = $1', tenant.id),
	).toHaveLength(0);
});

test('an echo of what the page sent is no person: nothing pauses and nothing is answered twice', async () => {
	await write(database, tenant, '5511977770005', 'oi');
	const [turn] = await claimOf(database, tenant);
	const { conversationId } = turn;
	const { outboxIds } = await sendDirect(database, tenant.id, { conversationId, key: 'k', content: { text: 'Olá' } });
	const id = wamid();
	await rows(
		`update agent_factory.outbox_messages set status = 'sent', sent_at = now(), provider_message_id = $2 where id = $1`,
		outboxIds[0],
		id,
	);
	await echo(database, tenant, '5511977770005', 'Olá', id);
	expect(await handoffs()).toEqual([]);
});

test('back with the bot, what nobody answered is a turn; what a person answered or the bot dealt with is not', async () => {
	const from = '5511977770006';
	const { conversationId } = await handedOver(database, tenant, from);
	await resumeConversation(database, tenant.id, conversationId);
	expect(await claimOf(database, tenant)).toEqual([]);
	const again = await handedOver(database, tenant, from, 'agora sim, uma pessoa');
	await write(database, tenant, from, 'vocês abrem sábado?');
	await sendDirect(database, tenant.id, { conversationId, key: 'a', content: { text: 'Abrimos às 9h.' } });
	await write(database, tenant, from, 'e domingo?');
	expect(await claimOf(database, tenant)).toEqual([]);
	expect((await run('select return_handoff($1, $2, $3) as done', tenant.id, conversationId, 'person'))?.done).toBe(
		true,
	);
	const [turn, ...others] = await claimOf(database, tenant);
	expect(others).toEqual([]);
	expect(turn.messageIds).toHaveLength(1);
	const [{ body }] = await rows('select body from agent_factory.messages where id = $1', turn.messageIds[0]);
	expect(body).toBe('e domingo?');
	const [, returned] = await handoffs();
	expect(returned).toMatchObject({ id: again.handoffId, returned_by: 'person' });
	expect((await run('select return_handoff($1, $2, $3) as done', tenant.id, conversationId, 'person'))?.done).toBe(
		false,
	);
});

test('a bot that hands the same words over again gets nothing to hand over a third time', async () => {
	const from = '5511977770007';
	const first = await handedOver(database, tenant, from);
	await write(database, tenant, from, 'alguém?');
	await age(test_.admin, first.handoffId, 721);
	expect(await quiet()).toHaveLength(1);
	const [turn] = await claimOf(database, tenant);
	await completeTurn(database, turn, decision());
	const [, second] = await handoffs();
	await age(test_.admin, second.id, 721);
	expect(await quiet()).toHaveLength(1);
	expect(await claimOf(database, tenant)).toEqual([]);
	expect(await handoffs()).toMatchObject([{ returned_by: 'quiet_time' }, { returned_by: 'quiet_time' }]);
});

test('the bot waits as long as either side writes, and for ever where the tenant says so', async () => {
	const { handoffId } = await handedOver(database, tenant, '5511977770008');
	await age(test_.admin, handoffId, 719);
	expect(await quiet()).toEqual([]);
	await age(test_.admin, handoffId, 100);
	await write(database, tenant, '5511977770008', 'ainda estou aqui');
	expect(await quiet()).toEqual([]);
	await age(test_.admin, handoffId, 5_000);
	await run('update handoff_settings set quiet_minutes = null where tenant_id = $1', tenant.id);
	expect(await quiet()).toEqual([]);
});

test('members of level 0 are told at once, each overdue level once, and a removed member no more', async () => {
	const [seller, boss] = [await member(database, tenant), await member(database, tenant, 'owner')];
	const tell = 'insert into handoff_recipients (tenant_id, user_id, level) values ($1, $2, $3)';
	await run(tell, tenant.id, seller.user_id, 0);
	await run(tell, tenant.id, boss.user_id, 2);
	const { handoffId } = await handedOver(database, tenant, '5511977770009');
	const mails = async () =>
		await rows(
			`select email, event_type, payload from agent_factory.notification_deliveries where tenant_id = $1 and email is not null order by created_at`,
			tenant.id,
		);
	expect(await mails()).toMatchObject([{ email: seller.email, event_type: 'conversation.handoff' }]);
	expect(JSON.stringify(await mails())).not.toMatch(/quero falar|55119777/);
	expect(await escalate()).toEqual([]);
	await age(test_.admin, handoffId, 16);
	expect(await escalate()).toMatchObject([{ handoff_id: handoffId, level: 1 }]);
	expect(await escalate()).toEqual([]);
	await age(test_.admin, handoffId, 15);
	expect(await escalate()).toMatchObject([{ level: 2 }]);
	expect((await mails()).map(({ email }) => email)).toEqual([seller.email, boss.email]);
	await age(test_.admin, handoffId, 500);
	expect(await escalate()).toEqual([]);
	const due = async () =>
		(await rows('select * from agent_factory.claim_mail_notices(50, 900, 5)')).filter((m) => m.tenant_id === tenant.id);
	await removeMember(database, tenant.id, boss.user_id);
	expect((await due()).map(({ email }) => email)).toEqual([seller.email]);
});

test('viewers and strangers take nothing; who takes it owns it', async () => {
	const { conversationId } = await handedOver(database, tenant, '5511977770010');
	const [viewer, seller] = [await member(database, tenant, 'viewer'), await member(database, tenant)];
	const stranger = await member(database, await makeTenant(database));
	const take = async (userId: string) =>
		await run('select take_handoff($1, $2, $3) as id', tenant.id, conversationId, userId);
	await expect(take(viewer.user_id)).rejects.toBeDefined();
	await expect(take(stranger.user_id)).rejects.toBeDefined();
	await take(seller.user_id);
	expect(await handoffs()).toMatchObject([{ assigned_user_id: seller.user_id }]);
});

test('the figures say the median and the share in time', async () => {
	const one = await handedOver(database, tenant, '5511977770011');
	const other = await handedOver(database, tenant, '5511977770012');
	await handedOver(database, tenant, '5511977770013');
	await age(test_.admin, one.handoffId, 10);
	await age(test_.admin, other.handoffId, 20);
	for (const { conversationId, handoffId } of [one, other])
		await sendDirect(database, tenant.id, { conversationId, key: handoffId, content: { text: 'Oi' } });
	const figures = await rows('select * from agent_factory.v_handoff_sla where tenant_id = $1', tenant.id);
	expect(figures).toMatchObject([{ handoffs: 3, answered: 2, overdue: 1, share_in_time: '0.500' }]);
	expect(Math.abs(Number(figures[0].median_first_answer_seconds) - 900)).toBeLessThan(5);
});
