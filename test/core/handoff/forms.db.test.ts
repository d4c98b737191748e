import { randomBytes, randomUUID } from 'node:crypto';
import type { Database } from '../../../core/database';
import { actOnHandoffPage, createHandoffLink } from '../../../core/handoff';
import { saveTemplate } from '../../../core/outbox';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { databaseFor, dropDatabase, makeTenant, vault, type TestTenant } from '../../support/factory';
import { besideOf, summaryOf } from '../../pages/reading';
import { handedOver, member } from './support';

const PAGE = 'https://n8n.example.com/webhook/agent-factory/handoff';
const TYPED = 'Oi, <Rui> & família';
let test_: TestDatabase;
let database: Database;
let tenant: TestTenant;
let open: { conversationId: string; turnId: number };
let token: string;
let phones = 5511966670000;

const ports = { vault, now: () => Date.now(), randomBytes };
const tokenOf = async (role?: 'viewer'): Promise<string> => {
	const { user_id: userId } = await member(database, tenant, role);
	const { url } = await createHandoffLink(database, tenant.id, { userId, pageUrl: PAGE }, ports);
	return new URL(url).searchParams.get('token')!;
};
const press = async (form: Record<string, string>, by = token): Promise<string> => {
	const sent = { token: by, c: open.conversationId, key: 'form-key-of-test', ...form };
	const { html, problem, outboxIds } = await actOnHandoffPage(database, sent, ports);
	expect(problem).not.toBeNull();
	expect(outboxIds).toEqual([]);
	return html;
};
const sql = async (text: string, ...values: unknown[]): Promise<void> => void (await test_.admin.query(text, values));
const drafted = async (): Promise<string> => {
	const id = randomUUID();
	const row = [tenant.id, id, open.conversationId, open.turnId, JSON.stringify(['Rascunho do robô'])];
	await sql(
		'insert into agent_factory.reply_drafts (tenant_id, id, conversation_id, turn_id, messages) values ($1, $2, $3, $4, $5)',
		...row,
	);
	return id;
};

beforeAll(async () => {
	test_ = await createTestDatabase();
	database = databaseFor(test_);
});
beforeEach(async () => {
	tenant = await makeTenant(database);
	open = await handedOver(database, tenant, String(phones++));
	token = await tokenOf();
});
afterAll(async () => await dropDatabase(database, test_));

test.each([
	['   ', 'Escreva algo primeiro'],
	['x'.repeat(8_001), 'longo demais'],
])('an answer that is empty or too long is refused beside its field: %#', async (text, said) => {
	const html = await press({ action: 'reply', text });
	expect(besideOf(html, 'text')).toEqual({ value: text, problem: expect.stringContaining(said) });
	expect(summaryOf(html)).toEqual([['text', expect.stringContaining(said)]]);
});

test('an answer whose form is gone stays on the page: who opted out, who may only look, and an unknown act', async () => {
	const kept = 'Oi, &lt;Rui&gt; &amp; família</pre>';
	expect(await press({ action: 'reply', text: TYPED }, await tokenOf('viewer'))).toContain(kept);
	const unknown = await press({ action: 'shout', text: TYPED });
	expect(besideOf(unknown, 'text')?.value).toBe(TYPED);
	await sql('update agent_factory.contacts set opted_out_at = now() where tenant_id = $1', tenant.id);
	expect(await press({ action: 'reply', text: TYPED })).toContain(kept);
});

test('each variable of a template is asked for beside its own field, and the others keep what was typed', async () => {
	const template = (await saveTemplate(database, tenant.id, {
		...{ name: 'Retomada', category: 'window', content: 'Oi {{1}}, sobre {{2}}.' },
		...{ metaName: 'retomada', metaStatus: 'APPROVED', metaCategory: 'UTILITY' },
	})) as { id: string };
	for (const p2 of ['', 'x'.repeat(1_025)]) {
		const html = await press({ action: 'template', template: template.id, p1: 'Rui & Lia', p2 });
		expect(besideOf(html, `${template.id}-1`)).toEqual({ value: 'Rui & Lia', problem: null });
		expect(besideOf(html, `${template.id}-2`)).toEqual({ value: p2, problem: expect.stringContaining('Falta algo') });
	}
	await sql(`update agent_factory.message_templates set meta_status = 'PAUSED' where id = $1`, template.id);
	expect(await press({ action: 'template', template: template.id, p1: 'Rui', p2: 'a <matrícula>' })).toContain(
		'Rui\na &lt;matrícula&gt;</pre>',
	);
});

test('a draft that is emptied, too long, or gone meanwhile keeps what was made of it', async () => {
	const draft = await drafted();
	for (const [text, said] of [
		['', 'Escreva algo primeiro'],
		['x'.repeat(8_001), 'longo demais'],
	])
		expect(besideOf(await press({ action: 'draft', draft, text }), `draft-${draft}`)).toEqual({
			...{ value: text, problem: expect.stringContaining(said) },
		});
	expect(besideOf(await press({ action: 'discard', draft, reason: 'mood' }), `reason-${draft}`)).toMatchObject({
		problem: expect.stringContaining('Falta algo'),
	});
	await sql('delete from agent_factory.reply_drafts where id = $1', draft);
	expect(await press({ action: 'draft', draft, text: TYPED })).toContain('Oi, &lt;Rui&gt; &amp; família</pre>');
});

test('a label that the page does not offer is refused beside its field', async () => {
	expect(besideOf(await press({ action: 'label', label: 'great' }), 'label')).toMatchObject({
		problem: expect.stringContaining('Falta algo'),
	});
});
