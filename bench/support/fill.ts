import type { Pool } from 'pg';

export interface FillSize {
	tenants: number;
	/** Settled turns a tenant, one message in and one out each; a conversation has eight of them. */
	turns: number;
}

const DAYS = 30;
const TURNS_A_CONVERSATION = 8;

/** Ids are made from numbers, so that each table is filled by one statement and a caller can name any row. */
const tenantSql = (t: string): string => `md5('tenant' || ${t})::uuid`;
const idSql = (kind: string, t: string, n: string): string => `md5('${kind}' || ${t} || '.' || ${n})::uuid`;

export const phoneNumberIdOf = (t: number): string => `9${String(t).padStart(14, '0')}`;
export const phoneOf = (t: number, k: number): string => `55${String(t).padStart(4, '0')}${String(k).padStart(7, '0')}`;
export const sentIdOf = (t: number, n: number): string => `wamid.out.${t}.${n}`;

export const conversationsOf = (size: FillSize): number => Math.ceil(size.turns / TURNS_A_CONVERSATION);

/** A row a tenant. */
const perTenant = (size: FillSize): string[] => {
	const from = `from generate_series(1, ${size.tenants}) t`;
	const tenant = tenantSql('t');
	return [
		`insert into tenants (id, name, slug, status) select ${tenant}, 'Tenant ' || t, 'tenant-' || t, 'active' ${from}`,
		`insert into agents (tenant_id, id, slug, name, debounce_seconds, debounce_max_seconds) select ${tenant}, ${idSql('agent', 't', '0')}, 'main', 'Bia', 0, 0 ${from}`,
		`insert into agent_versions (tenant_id, id, agent_id, agent_name, version, is_active, spec, compiled_bundle, bundle_sha256)
			select ${tenant}, ${idSql('version', 't', '0')}, ${idSql('agent', 't', '0')}, 'Bia', 'v1.0.0', true, '{}', '{}', repeat('0', 64) ${from}`,
		`insert into system_prompts (tenant_id, id, agent_version_id, version, is_active, prompt_content, prompt_sha256)
			select ${tenant}, ${idSql('prompt', 't', '0')}, ${idSql('version', 't', '0')}, 1, true, 'Seja breve.', repeat('0', 64) ${from}`,
		`insert into channel_accounts (tenant_id, id, kind, external_id, agent_id, max_messages_per_second, send_tokens)
			select ${tenant}, ${idSql('account', 't', '0')}, 'whatsapp', '9' || lpad(t::text, 14, '0'), ${idSql('agent', 't', '0')}, 1000, 1000 ${from}`,
	];
};

/** A row a conversation. */
const perConversation = (size: FillSize): string[] => {
	const from = `from generate_series(1, ${conversationsOf(size)}) k cross join generate_series(1, ${size.tenants}) t`;
	const ids = `${tenantSql('t')}, ${idSql('conversation', 't', 'k')}`;
	const phone = `'55' || lpad(t::text, 4, '0') || lpad(k::text, 7, '0')`;
	return [
		`insert into contacts (tenant_id, id, full_name, phone, created_at) select ${tenantSql('t')}, ${idSql('contact', 't', 'k')}, 'Cliente ' || k, ${phone}, now() - interval '${DAYS} days' ${from}`,
		`insert into contact_identities (tenant_id, contact_id, kind, value) select ${tenantSql('t')}, ${idSql('contact', 't', 'k')}, 'phone', ${phone} ${from}`,
		`insert into conversations (tenant_id, id, contact_id, channel_account_id, last_customer_message_at, last_message_at)
			select ${ids}, ${idSql('contact', 't', 'k')}, ${idSql('account', 't', '0')}, now() - interval '2 hours', now() - interval '2 hours' ${from}`,
		`insert into outbox_lanes (tenant_id, conversation_id, channel_account_id, available_at) select ${ids}, ${idSql('account', 't', '0')}, 'infinity' ${from}`,
	];
};

/** Rows of a settled turn. In the order of time, so that the tenants lie mixed in the pages as they do in life. */
const perTurn = (size: FillSize): string[] => {
	const from = `from generate_series(1, ${size.turns}) n cross join generate_series(1, ${size.tenants}) t`;
	const seq = `((n - 1) * ${size.tenants}::bigint + t)`;
	const at = `now() - interval '${DAYS} days' * (1 - n::double precision / ${size.turns + 1})`;
	const conversation = idSql('conversation', 't', `(n % ${conversationsOf(size)} + 1)`);
	const contact = idSql('contact', 't', `(n % ${conversationsOf(size)} + 1)`);
	const tenant = tenantSql('t');
	const account = idSql('account', 't', '0');
	const payload = `jsonb_build_object('field', 'messages', 'item', jsonb_build_object('id', n, 'text', jsonb_build_object('body', repeat('mensagem ', 20)), 'timestamp', '1780000000'))`;
	const event = (offset: number, kind: string, id: string, status: string): string =>
		`insert into webhook_events (id, tenant_id, channel_account_id, object, account_id, field, kind, meta_message_id, provider_status, payload, status, received_at, processed_at)
			overriding system value select ${seq} * 2 - ${offset}, ${tenant}, ${account}, 'whatsapp_business_account', '1', 'messages', '${kind}', ${id}, '${status}', ${payload}, 'processed', ${at}, ${at} ${from}`;
	const message = (offset: number, columns: string): string =>
		`insert into messages (tenant_id, id, conversation_id, contact_id, channel_account_id, turn_id, created_at, provider_timestamp, direction, author, body, status, provider_message_id, outbox_id)
			overriding system value select ${tenant}, ${seq} * 2 - ${offset}, ${conversation}, ${contact}, ${account}, ${seq}, ${at}, ${at}, ${columns} ${from}`;
	return [
		event(1, 'message', `'wamid.in.' || t || '.' || n`, ''),
		event(0, 'status', `'wamid.out.' || t || '.' || n`, 'sent'),
		message(1, `'inbound', 'contact', repeat('mensagem ', 8), 'received', 'wamid.in.' || t || '.' || n, null`),
		message(
			0,
			`'outbound', 'agent', repeat('resposta ', 12), 'sent', 'wamid.out.' || t || '.' || n, ${idSql('outbox', 't', 'n')}`,
		),
		`insert into message_queue (tenant_id, id, webhook_event_id, conversation_id, message_id, status, turn_id, attempts, worker_id, finished_at, created_at)
			overriding system value select ${tenant}, ${seq}, ${seq} * 2 - 1, ${conversation}, ${seq} * 2 - 1, 'completed', ${seq}, 1, 'worker', ${at}, ${at} ${from}`,
		`insert into turns (tenant_id, id, conversation_id, agent_id, agent_version_id, system_prompt_id, outcome, attempts, message_ids, checks, received_at, claimed_at, finished_at)
			select ${tenant}, ${seq}, ${conversation}, ${idSql('agent', 't', '0')}, ${idSql('version', 't', '0')}, ${idSql('prompt', 't', '0')}, 'reply', 1, array[${seq} * 2 - 1],
				'[{"check": "length", "stage": "output", "fired": false, "broken": false, "action": "allow", "reason": ""}]', ${at}, ${at}, ${at} ${from}`,
		`insert into outbox_messages (tenant_id, id, turn_id, queue_id, idempotency_key, conversation_id, contact_id, channel_account_id, whatsapp_payload, answers_up_to, status, attempts,
				provider_message_id, sent_at, created_at, updated_at)
			select ${tenant}, ${idSql('outbox', 't', 'n')}, ${seq}, ${seq}, 'turn:' || ${seq} || ':0', ${conversation}, ${contact}, ${account},
				jsonb_build_object('type', 'text', 'text', jsonb_build_object('body', repeat('resposta ', 12))), ${seq} * 2 - 1, 'sent', 1, 'wamid.out.' || t || '.' || n, ${at}, ${at}, ${at} ${from}`,
		`insert into llm_usage (tenant_id, turn_id, conversation_id, provider, model, input_tokens, output_tokens, latency_ms, created_at)
			select ${tenant}, ${seq}, ${conversation}, 'anthropic', 'model', 900, 60, 800, ${at} ${from}`,
		`insert into audit_events (tenant_id, event_type, subject_type, subject_id, details, created_at)
			select ${tenant}, 'turn.completed', 'turn', ${seq}::text, '{"outcome": "reply", "parts": 1}', ${at} ${from}`,
	];
};

/** What lies about in life: half of the conversations wait for an hour, a dead letter, a send of unknown outcome, events of nobody. */
const lyingWork = (size: FillSize): string[] => [
	`insert into message_queue (tenant_id, id, conversation_id, message_id) overriding system value
		select tenant_id, id + ${size.tenants * size.turns}, conversation_id, message_id from message_queue
		where id <= ${size.tenants * conversationsOf(size)} and ((id - 1) / ${size.tenants}) % 2 = 0`,
	`insert into conversation_locks (tenant_id, conversation_id, available_at, in_backoff)
		select tenant_id, conversation_id, now() + interval '1 hour', true from message_queue where status = 'queued'`,
	`update message_queue set status = 'failed', dead_at = finished_at where id <= ${size.tenants}`,
	`update outbox_messages set status = 'unknown', unknown_since = created_at, overdue_told_at = created_at where turn_id <= ${size.tenants}`,
	`insert into webhook_events (id, object, account_id, kind, meta_message_id, payload, status, reason, processed_at)
		overriding system value select ${2 * size.tenants * size.turns} + n, 'page', '0', 'message', 'nobody.' || n, '{}', 'ignored', 'unknown_account', now() from generate_series(1, ${10 * size.tenants}) n`,
];

const SECONDARY = `select i.indexrelid::regclass::text as name, pg_get_indexdef(i.indexrelid) as definition, s.n_live_tup
	from pg_index i join pg_stat_user_tables s on s.relid = i.indrelid
	where s.schemaname = $1 and not i.indisunique`;

/** Fills a migrated, empty database with settled traffic of the last 30 days, without triggers; `admin` is a superuser's. */
export async function fill(admin: Pool, schema: string, size: FillSize): Promise<void> {
	// Indexes made at the end cost a fifth of indexes that grow with the rows.
	const { rows: indexes } = await admin.query<{ name: string; definition: string }>(SECONDARY, [schema]);
	await inParallel(admin, schema, [indexes.map(({ name }) => `drop index ${name}`)]);
	await inParallel(admin, schema, [
		[...perTenant(size), ...perConversation(size)],
		...perTurn(size).map((statement) => [statement]),
	]);
	await inParallel(admin, schema, [lyingWork(size)]);
	await inParallel(
		admin,
		schema,
		indexes.map(({ definition }) => [definition]),
	);
	const last = size.tenants * size.turns;
	const restart = (table: string, from: number): string => `alter table ${table} alter column id restart with ${from}`;
	await inParallel(admin, schema, [
		[
			restart('webhook_events', 3 * last + 1),
			restart('messages', 2 * last + 1),
			restart('message_queue', 2 * last + 1),
		],
	]);
	await admin.query('vacuum (analyze)');
}

/** Two lists of statements at a time: one waits for the disk while the other builds rows. */
async function inParallel(admin: Pool, schema: string, lists: string[][]): Promise<void> {
	const waiting = [...lists];
	const worker = async (): Promise<void> => {
		for (let statements = waiting.shift(); statements; statements = waiting.shift()) {
			const client = await admin.connect();
			try {
				await client.query(
					`set search_path = ${schema}; set session_replication_role = replica; set synchronous_commit = off; set jit = off; set maintenance_work_mem = '256MB'`,
				);
				for (const statement of statements) await client.query(statement);
				await client.query('reset all');
			} finally {
				client.release();
			}
		}
	};
	await Promise.all([worker(), worker()]);
}
