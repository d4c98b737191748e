import type { Pool } from 'pg';
import { textBody } from '../support/factory';
import { waitFor } from '../support/wait-for';
import { openFactory, post, sentMessages, state } from './support/running';

let pool: Pool;
beforeAll(() => {
	pool = openFactory();
});
afterAll(async () => await pool.end());

const PEOPLE = {
	mother: { from: '5511966000001', text: 'Oi filho, hoje vou almoçar aí com você, beijo da mãe, te amo' },
	spammer: {
		from: '5511966000002',
		text: 'PROMOÇÃO IMPERDÍVEL!!! Ganhe dinheiro em casa, clique no link https://x.example e lucre R$ 5.000 por dia',
	},
	buyer: { from: '5511966000003', text: 'Quero fazer a matrícula no plano anual hoje, como faço o pagamento?' },
	// The sandbox's FitPro knows this number as a client.
	client: { from: '5511970000002', text: 'Oi, e o meu reembolso?' },
};
type Who = keyof typeof PEOPLE;

interface Settled extends Record<string, unknown> {
	phone: string;
	outcome: string;
	handoff_reason: string | null;
	route: string | null;
	classification: string;
	personal_reason: string | null;
	decided_by: string;
	message_text: string | null;
	auto_responded: boolean;
	response_status: string;
}

const SETTLED = `select k.phone, t.outcome, t.handoff_reason, c.classification, c.personal_reason, c.decided_by, c.message_text, c.auto_responded, c.response_status,
		(select v.value #>> '{details,route}' from jsonb_array_elements(t.checks) v where v.value ->> 'check' = 'lead_route') as route
	from agent_factory.turns t
	join agent_factory.conversations v on v.tenant_id = t.tenant_id and v.id = t.conversation_id
	join agent_factory.contacts k on k.tenant_id = v.tenant_id and k.id = v.contact_id
	join agent_factory.classified_leads c on c.tenant_id = t.tenant_id and c.turn_id = t.id
	where k.phone = any ($1::text[])`;

test('a personal message is left alone, spam is stored, a hot lead is answered, a known client gets a person', async () => {
	const tenant = state().tenants.find(({ slug }) => slug === 'fitpro')!;
	const { externalId } = tenant.channels.find(({ kind }) => kind === 'whatsapp')!;
	for (const { from, text } of Object.values(PEOPLE)) {
		expect((await post(JSON.stringify(textBody(externalId, [{ from, text }])))).status).toBe(200);
	}
	const phones = Object.values(PEOPLE).map(({ from }) => from);
	const read = async (): Promise<Settled[]> => (await pool.query<Settled>(SETTLED, [phones])).rows;
	await waitFor(
		async () => {
			const rows = await read();
			const answered = rows.filter(({ outcome }) => outcome === 'reply' || outcome === 'handoff');
			return rows.length === phones.length && answered.every(({ response_status: status }) => status === 'sent');
		},
		{ timeoutMs: 60_000, what: 'four settled turns and two sent answers' },
	);
	const rows = await read();
	const of = (who: Who) => rows.find(({ phone }) => phone === PEOPLE[who].from);
	const received = (await sentMessages()).filter(({ to }) => phones.includes((to ?? '').replace('+', '')));
	const told = (who: Who) =>
		received.filter(({ to }) => to?.replace('+', '') === PEOPLE[who].from).map(({ text }) => text);

	expect(of('mother')).toMatchObject({
		outcome: 'silence',
		classification: 'PESSOAL',
		route: 'personal',
		message_text: null,
	});
	expect(told('mother')).toEqual([]);
	expect(of('spammer')).toMatchObject({
		outcome: 'silence',
		classification: 'SPAM',
		route: 'spam',
		auto_responded: false,
	});
	expect(of('spammer')!.message_text).toContain('IMPERDÍVEL');
	expect(told('spammer')).toEqual([]);
	expect(of('buyer')).toMatchObject({ outcome: 'reply', classification: 'LEAD_HOT', auto_responded: true });
	expect(told('buyer')).toHaveLength(1);
	expect(of('client')).toMatchObject({
		outcome: 'handoff',
		handoff_reason: 'known_client',
		classification: 'PESSOAL',
		personal_reason: 'cliente_ativo',
		decided_by: 'known_contact',
	});
	expect(told('client')).toHaveLength(1);
	const { rows: tokens } = await pool.query(
		`select 1 from agent_factory.llm_usage u join agent_factory.conversations v on v.tenant_id = u.tenant_id and v.id = u.conversation_id
			join agent_factory.contacts k on k.tenant_id = v.tenant_id and k.id = v.contact_id where k.phone = any ($1::text[]) and u.purpose = 'classification'`,
		[phones],
	);
	expect(tokens).toEqual([]);
}, 120_000);
