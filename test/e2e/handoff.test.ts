import type { Pool } from 'pg';
import { openDatabase, type Database } from '../../core/database';
import { saveMember } from '../../core/tenancy';
import { textBody } from '../support/factory';
import { waitFor } from '../support/wait-for';
import { byId, operate } from './support/operate';
import { openFactory, post, sentMessages, state } from './support/running';

const FROM = '5511966610001';
let pool: Pool;
let database: Database;
let tenantId: string;
let userId: string;

beforeAll(async () => {
	pool = openFactory();
	database = openDatabase({ connectionString: state().database.url });
	[{ id: tenantId }] = (await pool.query(`select id from agent_factory.tenants where slug = 'fitpro'`)).rows;
	const person = { email: 'atendente@example.com', fullName: 'Ana Atende', role: 'operator' as const };
	userId = (await saveMember(database, tenantId, person)).user_id;
});
afterAll(async () => {
	await pool.end();
	await database.pool.end();
});

const pageUrl = (): string => `${state().n8n.url}/webhook/agent-factory/handoff`;
const say = async (text: string): Promise<void> => {
	const tenant = state().tenants.find(({ slug }) => slug === 'fitpro')!;
	const { externalId } = tenant.channels.find(({ kind }) => kind === 'whatsapp')!;
	expect((await post(JSON.stringify(textBody(externalId, [{ from: FROM, text, name: 'Rui Cliente' }])))).status).toBe(
		200,
	);
};
const heard = async (): Promise<string[]> =>
	(await sentMessages()).filter(({ to }) => to?.replace('+', '') === FROM).map(({ text }) => text ?? '');
const handoffs = async () =>
	(
		await pool.query(
			`select h.* from agent_factory.handoffs h join agent_factory.conversations c on c.tenant_id = h.tenant_id and c.id = h.conversation_id
				join agent_factory.contacts k on k.tenant_id = c.tenant_id and k.id = c.contact_id where k.phone = $1 order by h.started_at`,
			[FROM],
		)
	).rows;
const press = async (token: string, form: Record<string, string>): Promise<{ status: number; html: string }> => {
	const answer = await fetch(`${pageUrl()}?token=${encodeURIComponent(token)}`, {
		method: 'POST',
		body: new URLSearchParams({ token, ...form }),
	});
	return { status: answer.status, html: await answer.text() };
};

test('a customer asks for a person, gets one from the page once, and the bot back', async () => {
	const settings = { quietMinutes: 60, slaMinutes: 10, pageUrl: pageUrl() };
	await operate('e2e-handoff-settings', {
		type: 'handoff',
		parameters: { operation: 'saveSettings', tenant: byId(tenantId), changes: settings },
	});
	await operate('e2e-handoff-recipient', {
		type: 'handoff',
		parameters: { operation: 'saveRecipient', tenant: byId(tenantId), userId, level: 0, byEmail: true },
	});
	await say('quero falar com um atendente humano, por favor');
	const [open] = await waitFor(
		async () => {
			const rows = await handoffs();
			return rows.length > 0 ? rows : null;
		},
		{ timeoutMs: 60_000, what: 'the hand-over' },
	);
	expect(open).toMatchObject({ returned_at: null, first_answer_at: null });
	const { rows: mails } = await pool.query(
		`select event_type from agent_factory.notification_deliveries where email = 'atendente@example.com' and payload #>> '{data,handoffId}' = $1`,
		[open.id],
	);
	expect(mails).toEqual([{ event_type: 'conversation.handoff' }]);
	await waitFor(async () => (await heard()).length === 1, { timeoutMs: 30_000, what: 'the word that a person comes' });

	const { url } = await operate('e2e-handoff-link', {
		type: 'handoff',
		parameters: { operation: 'createPageLink', tenant: byId(tenantId), userId, handoffId: '', pageUrl: '', hours: 0 },
	});
	const queue = await fetch(url);
	expect([queue.status, queue.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
	expect(await queue.text()).toContain('Rui Cliente');
	const token = new URL(url).searchParams.get('token')!;
	const c: string = open.conversation_id;
	const shown = await (await fetch(`${url}&c=${c}`)).text();
	expect(shown).toContain('quero falar com um atendente humano');
	const key = /name="key" value="([^"]+-reply)"/.exec(shown)![1];

	const reply = { c, key, action: 'reply', text: 'Oi Rui, aqui é a Ana. Como ajudo?' };
	const twice = await Promise.all([press(token, reply), press(token, reply)]);
	expect(twice.map(({ status }) => status)).toEqual([200, 200]);
	await waitFor(async () => (await heard()).includes(reply.text), {
		timeoutMs: 30_000,
		what: 'the answer of a person',
	});
	await say('tem vaga na segunda?');
	await waitFor(async () => (await (await fetch(`${url}&c=${c}`)).text()).includes('tem vaga na segunda?'), {
		timeoutMs: 30_000,
		what: 'what the customer answered on the page',
	});
	const { rows: queued } = await pool.query(
		'select 1 from agent_factory.message_queue where conversation_id = $1 and finished_at is null',
		[c],
	);
	expect(queued).toEqual([]);
	expect((await heard()).filter((text) => text === reply.text)).toHaveLength(1);
	expect(await heard()).toHaveLength(2);

	const back = await press(token, { c, key: `${key.slice(0, 16)}-return`, action: 'return' });
	expect(back.html).toContain('O robô tem a conversa de novo.');
	// What nobody answered is the bot's now.
	await waitFor(async () => (await heard()).length === 3, { timeoutMs: 60_000, what: 'the answer of the bot' });
	expect(await handoffs()).toMatchObject([
		{ returned_by: 'person', first_answer_way: 'page', assigned_user_id: userId },
	]);
}, 240_000);

test('a link that was changed or made up, and a form without one, open the same nothing', async () => {
	const { url } = await operate('e2e-handoff-link', {
		type: 'handoff',
		parameters: { operation: 'createPageLink', tenant: byId(tenantId), userId, handoffId: '', pageUrl: '', hours: 1 },
	});
	const bodies = await Promise.all(
		[`${pageUrl()}?token=v1.made.up`, pageUrl(), `${url.slice(0, -6)}AAAAAA`].map(async (address) => {
			const answer = await fetch(address);
			expect(answer.status).toBe(404);
			return await answer.text();
		}),
	);
	expect(new Set(bodies).size).toBe(1);
	expect((await press('v1.made.up', { action: 'take' })).html).toBe(bodies[0]);
}, 120_000);
