import type { Pool } from 'pg';
import type { TestTenant } from '../../support/factory';

/** How a drawn agent answers: a good one tells a price and asks on, a poor one is polite and says nothing. */
export const REPLIES = {
	good: 'O plano custa R$ 100 por mês e inclui doze posts, porque assim a sua página fica ativa o mês todo. Posso mandar o contrato hoje?',
	poor: 'Olá, agradecemos o contato e ficamos felizes em ajudar.',
};

interface Crowd {
	people: number;
	/** Of person n, from 0: what they write. */
	says?: string;
	reply: 'good' | 'poor' | 'mixed';
	/** Persons 0 to this are HOT. */
	hot?: number;
	/** Of the HOT, every how many-th was won. */
	wonEvery?: number;
	/** Whether person n was won; instead of `wonEvery`. */
	isWon?: (n: number) => boolean;
	daysAgo?: number;
}

// One statement a table: sixty people with a conversation, a turn and a classification each.
const CROWD = `with person as (
		select n, gen_random_uuid() as contact_id, gen_random_uuid() as conversation_id, gen_random_uuid() as lead_id,
			now() - make_interval(days => $3::integer + n % 9, secs => n) as at, '55119' || lpad((extract(epoch from clock_timestamp())::bigint % 100000)::text, 5, '0') || lpad(n::text, 4, '0') as phone
		from generate_series(0, $2::integer - 1) n
	), contacts_ as (
		insert into agent_factory.contacts (tenant_id, id, full_name, phone) select $1::uuid, contact_id, 'Pessoa ' || n, phone from person returning id
	), conversations_ as (
		insert into agent_factory.conversations (tenant_id, id, contact_id, channel_account_id, agent_id, created_at)
			select $1::uuid, conversation_id, contact_id, $4::uuid, $5::uuid, at from person returning id
	), leads_ as (
		insert into agent_factory.leads (tenant_id, id, contact_id, created_at, scored_at, source, classification, lead_score, fit_score, intent_score)
			select $1::uuid, lead_id, contact_id, at, at, 'organic', 'LEAD_COLD', 50, 50, 50 from person returning id
	), asked as (
		insert into agent_factory.messages (tenant_id, conversation_id, contact_id, channel_account_id, direction, author, body, status, created_at)
			select $1::uuid, conversation_id, contact_id, $4::uuid, 'inbound', 'contact', $6::text || case when $2::integer > 1 then ' Sou a pessoa ' || n || '.' else '' end, 'received', at from person order by n returning id
	), answered as (
		insert into agent_factory.messages (tenant_id, conversation_id, contact_id, channel_account_id, direction, author, body, status, created_at)
			select $1::uuid, conversation_id, contact_id, $4::uuid, 'outbound', 'agent',
				case when $7::text = 'good' or ($7::text = 'mixed' and n % 2 = 0) then $8::text else $9::text end, 'sent', at + interval '20 seconds' from person where (select count(*) from asked) > 0 order by n returning id
	), turns_ as (
		insert into agent_factory.turns (tenant_id, id, conversation_id, agent_id, agent_version_id, system_prompt_id, outcome, attempts, message_ids, received_at, claimed_at, finished_at)
			select $1::uuid, (extract(epoch from clock_timestamp()) * 1000)::bigint * 1000 + n, conversation_id, $5::uuid, $10::uuid, $11::uuid, 'reply', 1, '{}', at, at, at + interval '20 seconds' from person returning id
	)
	insert into agent_factory.classified_leads (tenant_id, lead_id, conversation_id, persona_id, platform, username, message_timestamp, message_text, classification, icp_score, fit_score,
			intent_score, confidence, decided_by, treatment, created_at, converted_to_opportunity)
		select $1::uuid, lead_id, conversation_id, $12::uuid, 'whatsapp', phone, at, $6::text, case when n < $13::integer then 'LEAD_HOT' else 'LEAD_COLD' end,
			case when n < $13::integer then 80 else 30 end, 50, 50, 0.8, 'rules', case when n < $13::integer then 'hot' else 'standard' end, at, false from person
		returning id, lead_id, username`;

/** People who wrote, were answered, classified and, some of them, won. */
export async function crowd(
	admin: Pool,
	tenant: TestTenant,
	{
		people,
		says = 'Oi, quanto custa o plano de vocês?',
		reply,
		hot = 0,
		wonEvery = 2,
		isWon = (n) => n < hot && n % wonEvery === 0,
		daysAgo = 2,
	}: Crowd,
): Promise<void> {
	const { rows } = await admin.query<{ version: string; prompt: string; persona: string | null }>(
		`select av.id as version, sp.id as prompt, (select p.id from agent_factory.tenant_personas p where p.tenant_id = av.tenant_id and p.is_active) as persona
			from agent_factory.agent_versions av join agent_factory.system_prompts sp on sp.tenant_id = av.tenant_id and sp.agent_version_id = av.id and sp.is_active
			where av.tenant_id = $1 and av.is_active`,
		[tenant.id],
	);
	const [{ version, prompt, persona }] = rows;
	const values = [
		tenant.id,
		people,
		daysAgo,
		tenant.channelAccountId,
		tenant.agentId,
		says,
		reply,
		REPLIES.good,
		REPLIES.poor,
	];
	const { rows: classified } = await admin.query<{ id: string; lead_id: string; username: string }>(CROWD, [
		...values,
		version,
		prompt,
		persona,
		hot,
	]);
	const won = classified.filter(({ username }) => isWon(Number(username.slice(-4))));
	await admin.query(
		`insert into agent_factory.lead_outcomes (tenant_id, lead_id, classified_lead_id, kind, source, actor, happened_at, idempotency_key)
			select $1, l.id, c.id, 'opportunity', 'crm', 'crm', l.created_at + interval '1 day', l.id::text
			from unnest($2::uuid[], $3::uuid[]) as w(classified, lead) join agent_factory.leads l on l.tenant_id = $1 and l.id = w.lead
			join agent_factory.classified_leads c on c.tenant_id = $1 and c.id = w.classified`,
		[tenant.id, won.map(({ id }) => id), won.map(({ lead_id: lead }) => lead)],
	);
}

export const versionOf = async (admin: Pool, tenant: TestTenant): Promise<string> =>
	(
		await admin.query<{ id: string }>(
			'select id from agent_factory.agent_versions where tenant_id = $1 and is_active',
			[tenant.id],
		)
	).rows[0].id;
