import type { Pool } from 'pg';

/** Leads of one tenant, who came evenly over the days: each wrote, was answered and classified. */
export interface LeadFill {
	leads: number;
	days: number;
}

export const TENANT = '00000000-0000-0000-0000-00000000da5b';
const ID = (kind: string, n: string): string => `md5('${kind}' || ${n})::uuid`;
const AT = ({ leads, days }: LeadFill, more = "interval '0'"): string =>
	`(now() - interval '${days} days' * (1 - n::double precision / ${leads + 1}) + ${more})`;
/** In every hundred people 8 are hot, 30 warm, 12 are no leads. */
const CLASS = `case when n % 100 < 8 then 'LEAD_HOT' when n % 100 < 38 then 'LEAD_WARM' when n % 100 < 88 then 'LEAD_COLD' else 'SPAM' end`;
const SCORE = `case when n % 100 < 8 then 85 when n % 100 < 38 then 55 when n % 100 < 88 then 25 else 0 end`;
const HOT = `n % 100 < 8`;

const statements = (size: LeadFill): string[] => {
	const from = `from generate_series(1, ${size.leads}) n`;
	const [at, answered] = [AT(size), AT(size, `make_interval(secs => 2 + n % 7)`)];
	const scope = `'${TENANT}'::uuid`;
	const [contact, conversation, lead, account] = [
		ID('contact', 'n'),
		ID('conversation', 'n'),
		ID('lead', 'n'),
		ID('account', "'1'"),
	];
	const [agent, version, prompt, persona] = ['agent', 'version', 'prompt', 'persona'].map((kind) => ID(kind, "'1'"));
	const message = (offset: number, time: string, rest: string): string =>
		`insert into messages (tenant_id, id, conversation_id, contact_id, channel_account_id, turn_id, created_at, provider_timestamp, status_at, direction, author, body, status, provider_message_id, outbox_id)
			overriding system value select ${scope}, n * 2 - ${offset}, ${conversation}, ${contact}, ${account}, n, ${time}, ${time}, ${time}, ${rest} ${from}`;
	return [
		`insert into tenants (id, name, slug, status, timezone, created_at) values (${scope}, 'Large', 'large', 'active', 'America/Sao_Paulo', now() - interval '${size.days} days')`,
		`insert into agents (tenant_id, id, slug, name) values (${scope}, ${agent}, 'main', 'Bia')`,
		`insert into agent_versions (tenant_id, id, agent_id, agent_name, version, is_active, spec, compiled_bundle, bundle_sha256) values (${scope}, ${version}, ${agent}, 'Bia', 'v1.0.0', true, '{}', '{}', repeat('0', 64))`,
		`insert into system_prompts (tenant_id, id, agent_version_id, version, is_active, activated_at, prompt_content, prompt_sha256) values (${scope}, ${prompt}, ${version}, 1, true, now() - interval '${size.days} days', 'Seja breve.', repeat('0', 64))`,
		`insert into tenant_personas (tenant_id, id, version, is_active, activated_at) values (${scope}, ${persona}, 1, true, now() - interval '${size.days} days')`,
		`insert into channel_accounts (tenant_id, id, kind, external_id, agent_id) values (${scope}, ${account}, 'whatsapp', '900000000000001', ${agent})`,
		`insert into contacts (tenant_id, id, full_name, phone, created_at) select ${scope}, ${contact}, 'Cliente ' || n, (550000000000 + n)::text, ${at} ${from}`,
		`insert into conversations (tenant_id, id, contact_id, channel_account_id, created_at, last_customer_message_at, last_message_at) select ${scope}, ${conversation}, ${contact}, ${account}, ${at}, ${at}, ${answered} ${from}`,
		`insert into leads (tenant_id, id, contact_id, classification, lead_score, fit_score, intent_score, created_at, scored_at, first_hot_at, stage)
			select ${scope}, ${lead}, ${contact}, ${CLASS}, ${SCORE}, 0, 0, ${at}, ${at}, case when ${HOT} then ${at} end, case when n % 200 = 0 then 'proposal' else 'lead' end ${from}`,
		message(1, at, `'inbound', 'contact', 'Quanto custa?', 'received', 'wamid.in.' || n, null`),
		message(
			0,
			answered,
			`'outbound', 'agent', 'Depende do plano.', 'delivered', 'wamid.out.' || n, ${ID('outbox', 'n')}`,
		),
		`insert into turns (tenant_id, id, conversation_id, agent_id, agent_version_id, system_prompt_id, persona_id, outcome, attempts, message_ids, received_at, claimed_at, finished_at)
			select ${scope}, n, ${conversation}, ${agent}, ${version}, ${prompt}, ${persona}, 'reply', 1, array[n * 2 - 1], ${at}, ${at}, ${answered} ${from}`,
		`insert into classified_leads (tenant_id, id, lead_id, conversation_id, turn_id, platform, username, message_timestamp, created_at, classification, icp_score, fit_score, intent_score, confidence,
				decided_by, treatment, treat_propensity, persona_id, persona_version)
			select ${scope}, ${ID('class', 'n')}, ${lead}, ${conversation}, n, 'whatsapp', n::text, ${at}, ${at}, ${CLASS}, ${SCORE}, 0, 0, 0.8, 'rules', 'standard', 1, ${persona}, 1 ${from}`,
		`insert into lead_outcomes (tenant_id, lead_id, classified_lead_id, kind, source, actor, happened_at, created_at, idempotency_key)
			select ${scope}, ${lead}, ${ID('class', 'n')}, case when n % 3 = 0 then 'opportunity' else 'ruim' end, 'person', 'x', ${at}, ${at}, 'o' || n ${from} where n % 50 = 1`,
		`insert into llm_usage (tenant_id, turn_id, conversation_id, provider, model, input_tokens, output_tokens, cost_usd, latency_ms, created_at)
			select ${scope}, n, ${conversation}, 'anthropic', 'model', 900, 60, 0.002, 800, ${at} ${from}`,
		// Sends stay 35 days.
		`insert into outbox_messages (tenant_id, id, turn_id, queue_id, idempotency_key, conversation_id, contact_id, channel_account_id, whatsapp_payload, status, attempts, provider_message_id, sent_at,
				created_at, updated_at, message_category, cost_usd, cost_basis)
			select ${scope}, ${ID('outbox', 'n')}, n, n, 'turn:' || n, ${conversation}, ${contact}, ${account}, '{"type": "text"}', 'delivered', 1, 'wamid.out.' || n, ${answered}, ${answered}, ${answered},
				'SERVICE', 0.01, 'price_list' ${from} where ${at} > now() - interval '35 days'`,
		`insert into analytics_events (tenant_id, event_type, event_key, event_data, lead_id, created_at)
			select ${scope}, e.name, n::text, '{}', ${lead}, ${at} ${from} cross join (values ('conversation.started'), ('lead.classified')) e(name)`,
	];
};

const SECONDARY = `select i.indexrelid::regclass::text as name, pg_get_indexdef(i.indexrelid) as definition from pg_index i
	join pg_stat_user_tables s on s.relid = i.indrelid where s.schemaname = 'agent_factory' and not i.indisunique
		and s.relname in ('contacts', 'conversations', 'leads', 'messages', 'turns', 'classified_leads', 'llm_usage', 'outbox_messages', 'analytics_events')`;

/** Fills an empty, migrated database by one statement a table, without triggers; `admin` is a superuser's. */
export async function fillLeads(admin: Pool, size: LeadFill, say: (line: string) => void): Promise<void> {
	const client = await admin.connect();
	try {
		await client.query(
			`set search_path = agent_factory; set session_replication_role = replica; set synchronous_commit = off; set jit = off; set maintenance_work_mem = '256MB'`,
		);
		const { rows: indexes } = await client.query<{ name: string; definition: string }>(SECONDARY);
		for (const { name } of indexes) await client.query(`drop index ${name}`);
		for (const statement of statements(size)) await client.query(statement);
		say('rows are in, now the indexes');
		for (const { definition } of indexes) await client.query(definition);
		await client.query('reset all');
		await client.query('vacuum (analyze)');
	} finally {
		client.release();
	}
}
