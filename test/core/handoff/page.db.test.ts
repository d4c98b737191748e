import { randomBytes } from 'node:crypto';
import type { Database } from '../../../core/database';
import {
	actOnHandoffPage,
	createHandoffLink,
	openHandoffPage,
	saveHandoffSettings,
	saveRecipient,
} from '../../../core/handoff';
import { claimMails } from '../../../core/notifications';
import { saveTemplate } from '../../../core/outbox';
import { removeMember, sealPageLink, type Member } from '../../../core/tenancy';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { databaseFor, dropDatabase, makeTenant, vault, type TestTenant } from '../../support/factory';
import { age, claimOf, handedOver, member, write } from './support';

const PAGE = 'https://n8n.example.com/webhook/agent-factory/handoff';
let test_: TestDatabase;
let database: Database;
let tenant: TestTenant;
let seller: Member;
let token: string;
let open: { conversationId: string; handoffId: string };
let phones = 5511966660000;

const ports = { vault, now: () => Date.now(), randomBytes };
const linkOf = async (userId: string, handoffId?: string) => {
	const { url } = await createHandoffLink(database, tenant.id, { userId, handoffId, pageUrl: PAGE }, ports);
	return new URL(url).searchParams.get('token')!;
};
const page = async (query: Record<string, unknown> = {}) => await openHandoffPage(database, { token, ...query }, ports);
const act = async (form: Record<string, string>, by = token) =>
	await actOnHandoffPage(database, { token: by, c: open.conversationId, key: 'form-key-of-test', ...form }, ports);
const rows = async (sql: string, ...values: unknown[]) => (await test_.admin.query(sql, values)).rows;
const sentByPeople = async () =>
	(
		await rows(
			`select body from agent_factory.messages where conversation_id = $1 and author = 'human' order by id`,
			open.conversationId,
		)
	).map(({ body }) => body);

beforeAll(async () => {
	test_ = await createTestDatabase();
	database = databaseFor(test_);
});
beforeEach(async () => {
	tenant = await makeTenant(database);
	seller = await member(database, tenant);
	open = await handedOver(database, tenant, String(phones++), 'quero <b>uma pessoa</b> & já');
	token = await linkOf(seller.user_id);
});
afterAll(async () => await dropDatabase(database, test_));

test('the link opens the queue, from there the conversation, escaped, and opening changes nothing', async () => {
	const queue = await page();
	expect(queue.html).toContain('Atendimentos');
	expect(queue.html).toContain('Pediu uma pessoa');
	expect(queue.html).toContain(`c=${open.conversationId}`);
	const { html } = await page({ c: open.conversationId });
	expect(html).toContain('quero &lt;b&gt;uma pessoa&lt;/b&gt; &amp; já');
	expect(html).not.toContain('<b>uma');
	expect(html).not.toMatch(/<script|https?:\/\/(?!n8n)/);
	expect((await page({ c: open.conversationId, lang: 'en' })).html).toContain('Back to the bot');
	const [handoff] = await rows('select * from agent_factory.handoffs where id = $1', open.handoffId);
	expect(handoff).toMatchObject({ assigned_user_id: null, first_answer_at: null, returned_at: null });
	token = await linkOf(seller.user_id, open.handoffId);
	expect((await page()).conversationId).toBe(open.conversationId);
});

test('an answer sent twice by a double click goes out once, and who answers has it', async () => {
	const answers = await Promise.all([
		act({ action: 'reply', text: 'Oi, sou a Ana.' }),
		act({ action: 'reply', text: 'Oi, sou a Ana.' }),
	]);
	const again = await act({ action: 'reply', text: 'Oi, sou a Ana.' });
	expect([...answers, again].map(({ problem }) => problem)).toEqual([null, null, null]);
	expect(await sentByPeople()).toEqual(['Oi, sou a Ana.']);
	expect(again.html).toContain('Mensagem na fila de envio.');
	const [handoff] = await rows('select * from agent_factory.handoffs where id = $1', open.handoffId);
	expect(handoff).toMatchObject({ assigned_user_id: seller.user_id, first_answer_way: 'page' });
	await act({ action: 'return', key: 'another-key-1' });
	// The browser sends the old form again after the bot has it back.
	expect((await act({ action: 'reply', text: 'Oi, sou a Ana.' })).problem).toBeNull();
	expect(await sentByPeople()).toHaveLength(1);
});

test('what cannot be sent stands in the form again: outside the window, and when the bot has it back', async () => {
	await rows(
		`update agent_factory.conversations set last_customer_message_at = now() - interval '25 hours' where id = $1`,
		open.conversationId,
	);
	const late = await act({ action: 'reply', text: 'um texto <longo>' });
	expect(late.problem).toMatchObject({ code: 'HANDOFF_WINDOW_CLOSED' });
	expect(late.html).toContain('um texto &lt;longo&gt;</textarea>');
	await act({ action: 'return', key: 'another-key-2' });
	const returned = await act({ action: 'reply', text: 'outro texto', key: 'another-key-3' });
	expect(returned.problem).toMatchObject({ code: 'HANDOFF_RETURNED' });
	expect(returned.html).toContain('outro texto</textarea>');
	expect(await sentByPeople()).toEqual([]);
});

test('outside the window an approved template goes out with its variables, an unapproved one does not', async () => {
	const template = (await saveTemplate(database, tenant.id, {
		...{ name: 'Retomada', category: 'window', content: 'Oi {{1}}, sobre {{2}}.' },
		...{ metaName: 'retomada', metaStatus: 'APPROVED', metaCategory: 'UTILITY' },
	})) as { id: string };
	await rows(
		`update agent_factory.conversations set last_customer_message_at = now() - interval '25 hours' where id = $1`,
		open.conversationId,
	);
	expect((await page({ c: open.conversationId })).html).toContain('Oi {{1}}, sobre {{2}}.');
	const missing = await act({ action: 'template', template: template.id, p1: 'Rui', p2: '' });
	expect(missing.problem).toMatchObject({ code: 'VALUE_REFUSED' });
	expect(missing.html).toContain('value="Rui"');
	expect((await act({ action: 'template', template: template.id, p1: 'Rui', p2: 'a matrícula' })).problem).toBeNull();
	expect(await sentByPeople()).toEqual(['Oi Rui, sobre a matrícula.']);
	await rows(`update agent_factory.message_templates set meta_status = 'PAUSED' where id = $1`, template.id);
	const paused = await act({ action: 'template', template: template.id, p1: 'a', p2: 'b', key: 'another-key-4' });
	expect(paused.problem).toMatchObject({ code: 'TEMPLATE_NOT_APPROVED' });
});

test('forged, expired, foreign links and those of somebody who left open one and the same nothing', async () => {
	const other = await makeTenant(database);
	const stranger = await member(database, other);
	const refused = async (query: Record<string, unknown>) => {
		const error = await openHandoffPage(database, query, ports).catch((caught: unknown) => caught);
		const form = { action: 'reply', text: 'x', key: 'form-key-of-test', ...query };
		await expect(actOnHandoffPage(database, form, ports)).rejects.toMatchObject({ code: 'HANDOFF_LINK_REFUSED' });
		return (error as { code: string; message: string }).code;
	};
	const seal = (changes: object) =>
		sealPageLink(
			{ purpose: 'handoff', tenantId: tenant.id, subject: 'queue', person: seller.user_id, hours: 1, ...changes },
			PAGE,
			ports,
		).token;
	const c = open.conversationId;
	expect(await refused({ token: 'v1.made.up', c })).toBe('HANDOFF_LINK_REFUSED');
	expect(await refused({ c })).toBe('HANDOFF_LINK_REFUSED');
	expect(await refused({ token: seal({ hours: -1 }), c })).toBe('HANDOFF_LINK_REFUSED');
	expect(await refused({ token: seal({ purpose: 'approval' }), c })).toBe('HANDOFF_LINK_REFUSED');
	expect(await refused({ token: seal({ person: stranger.user_id }), c })).toBe('HANDOFF_LINK_REFUSED');
	expect(await refused({ token: seal({ tenantId: other.id, person: stranger.user_id }), c })).toBe(
		'HANDOFF_LINK_REFUSED',
	);
	await removeMember(database, tenant.id, seller.user_id);
	expect(await refused({ token, c })).toBe('HANDOFF_LINK_REFUSED');
	expect(await sentByPeople()).toEqual([]);
});

test('a viewer looks and changes nothing', async () => {
	const viewer = await member(database, tenant, 'viewer');
	const mine = await linkOf(viewer.user_id);
	expect((await page({ token: mine, c: open.conversationId })).html).not.toContain('<form');
	for (const action of ['reply', 'take', 'return', 'label', 'lead', 'draft', 'discard', 'template'])
		expect((await act({ action, text: 'x', label: 'needed' }, mine)).problem?.code).toBe('HANDOFF_VIEW_ONLY');
	expect(await sentByPeople()).toEqual([]);
});

test('given back, the bot answers what nobody did; what the hand-over was is kept without a word of anybody', async () => {
	const [{ phone }] = await rows(
		'select k.phone from agent_factory.conversations c join agent_factory.contacts k on k.id = c.contact_id where c.id = $1',
		open.conversationId,
	);
	await write(database, tenant, phone, 'abre sábado?');
	expect((await act({ action: 'label', label: 'not_needed' })).problem).toBeNull();
	expect((await act({ action: 'return', key: 'another-key-5' })).problem).toBeNull();
	expect(await claimOf(database, tenant)).toHaveLength(1);
	const labels = await rows(
		'select * from agent_factory.handoff_labels where conversation_id = $1',
		open.conversationId,
	);
	expect(labels).toMatchObject([{ kind: 'outcome', label: 'not_needed' }]);
	expect(labels[0].person_hash).toMatch(/^[0-9a-f]{64}$/);
	expect(JSON.stringify(labels)).not.toMatch(/sábado|Ana|@example/);
});

test('the e-mail of a hand-over carries a link of its reader that opens it, and no table holds the link', async () => {
	await saveHandoffSettings(database, tenant.id, { pageUrl: PAGE });
	await saveRecipient(database, tenant.id, { userId: seller.user_id });
	const told = await handedOver(database, tenant, String(phones++));
	const [mail] = (await claimMails(database, { links: ports })).filter(({ tenantId }) => tenantId === tenant.id);
	expect(mail).toMatchObject({ to: seller.email, eventType: 'conversation.handoff' });
	const [, address] = /(https:\S+)/.exec(mail.text)!;
	const opened = await openHandoffPage(database, { token: new URL(address).searchParams.get('token') }, ports);
	expect(opened).toMatchObject({ conversationId: told.conversationId, userId: seller.user_id });
	const stored = await rows('select * from agent_factory.notification_deliveries where tenant_id = $1', tenant.id);
	expect(JSON.stringify(stored)).not.toContain('token=');
	expect(mail.text).not.toContain('quero falar');
});

test('an overdue hand-over says so in the queue', async () => {
	await age(test_.admin, open.handoffId, 20);
	expect((await page()).html).toContain('ATRASADO');
});
