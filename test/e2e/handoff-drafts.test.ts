import type { Pool } from 'pg';
import { openDatabase, type Database } from '../../core/database';
import { saveMember } from '../../core/tenancy';
import { waitFor } from '../support/wait-for';
import { customerOf, type Customer } from './support/handed-over';
import { byId, operate } from './support/operate';
import { openFactory, state } from './support/running';

let pool: Pool;
let database: Database;
let customer: Customer;
let tenantId: string;
let agentId: string;
let url: string;

const pageUrl = (): string => `${state().n8n.url}/webhook/agent-factory/handoff`;
const mode = async (wanted: string): Promise<void> =>
	void (await operate(`e2e-mode-${wanted}`, {
		type: 'agentFactory',
		parameters: {
			...{ resource: 'agent', operation: 'setMode', tenant: byId(tenantId), agent: byId(agentId), mode: wanted },
		},
	}));

beforeAll(async () => {
	pool = openFactory();
	database = openDatabase({ connectionString: state().database.url });
	customer = customerOf(pool, 'fitpro', '5511966620001', 'Lia Rascunho');
	[{ tenantId, agentId }] = (
		await pool.query(`select t.id as "tenantId", ca.agent_id as "agentId" from agent_factory.tenants t
			join agent_factory.channel_accounts ca on ca.tenant_id = t.id and ca.kind = 'whatsapp' where t.slug = 'fitpro' limit 1`)
	).rows;
	const person = { email: 'revisora@example.com', fullName: 'Rita Revisa', role: 'operator' as const };
	const { user_id: userId } = await saveMember(database, tenantId, person);
	({ url } = await operate('e2e-draft-link', {
		type: 'handoff',
		parameters: {
			operation: 'createPageLink',
			tenant: byId(tenantId),
			userId,
			handoffId: '',
			pageUrl: pageUrl(),
			hours: 1,
		},
	}));
	await mode('draft');
}, 120_000);
afterAll(async () => {
	await mode('live');
	await pool.end();
	await database.pool.end();
}, 60_000);

const shown = async (c: string): Promise<string> => await (await fetch(`${url}&c=${c}`)).text();
const press = async (form: Record<string, string>): Promise<string> => {
	const token = new URL(url).searchParams.get('token')!;
	const answer = await fetch(url, { method: 'POST', body: new URLSearchParams({ token, ...form }) });
	return await answer.text();
};
const drafts = async (): Promise<any[]> =>
	(
		await pool.query(
			`select d.id, d.conversation_id, d.messages, d.status, l.label, l.reason from agent_factory.reply_drafts d
				join agent_factory.conversations c on c.tenant_id = d.tenant_id and c.id = d.conversation_id
				join agent_factory.contacts k on k.tenant_id = c.tenant_id and k.id = c.contact_id
				left join agent_factory.handoff_labels l on l.tenant_id = d.tenant_id and l.draft_id = d.id
				where k.phone = '5511966620001' order by d.created_at`,
		)
	).rows;
const written = async (count: number): Promise<any> =>
	await waitFor(
		async () => {
			const rows = await drafts();
			return rows.length === count && rows[count - 1].status === 'open' ? rows[count - 1] : null;
		},
		{ timeoutMs: 60_000, what: `draft ${count}` },
	);

test('the bot writes, a person edits and sends once, sends as it is, or throws it away', async () => {
	await customer.say('Bom dia, qual é o horário de vocês?');
	const first = await written(1);
	expect(await customer.heard()).toEqual([]);
	expect(await (await fetch(url)).text()).toContain('Lia Rascunho');
	const c: string = first.conversation_id;
	const page = await shown(c);
	expect(page).toContain(`name="draft" value="${first.id}"`);
	const key = /name="key" value="([^"]+-draft)"/.exec(page)![1];
	const edited = { c, key, action: 'draft', draft: first.id, text: 'Oi Lia, abrimos às 6h. Quer vir conhecer?' };
	await Promise.all([press(edited), press(edited)]);
	await waitFor(async () => (await customer.heard()).includes(edited.text), {
		timeoutMs: 30_000,
		what: 'the edited draft',
	});

	await customer.say('Quero sim, quanto custa?');
	const second = await written(2);
	const asItIs = { ...edited, draft: second.id, text: second.messages.join('\n\n') };
	await press(asItIs);
	await waitFor(async () => (await customer.heard()).length === 1 + second.messages.length, {
		timeoutMs: 30_000,
		what: 'the draft as it is',
	});

	await customer.say('E no domingo?');
	const third = await written(3);
	await press({ c, key, action: 'discard', draft: third.id, reason: 'tone' });
	expect(await press({ ...edited, draft: third.id })).toContain('role="alert"');
	expect(await customer.heard()).toEqual([edited.text, ...second.messages]);
	expect((await drafts()).map(({ status, label, reason }) => [status, label, reason])).toEqual([
		['sent', expect.stringMatching(/^(touched|rewritten)$/), null],
		['sent', 'unchanged', null],
		['discarded', 'discarded', 'tone'],
	]);
}, 240_000);
