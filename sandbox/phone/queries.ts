import type { Pool, PoolClient } from 'pg';

/** The sandbox's phone page reads through the same row level security as the pack: as the runtime role, for one tenant. */
export interface PhoneReader {
	pool: Pool;
	schema: string;
}

/** A message as the phone shows it. Times are ISO 8601. */
export interface PhoneMessage {
	id: string;
	providerId: string | null;
	direction: 'inbound' | 'outbound';
	author: string;
	kind: string;
	text: string;
	status: string;
	errorCode: number | null;
	/** Null until a turn took the message. */
	turnId: string | null;
	eventId: string | null;
	receivedAt: string;
}

export interface PhoneCheck {
	check: string;
	stage: string;
	fired: boolean;
	broken: boolean;
	action: string;
	reason: string;
}

export interface PhoneCall {
	provider: string;
	model: string;
	inputTokens: number;
	cachedInputTokens: number;
	outputTokens: number;
	costUsd: number | null;
	latencyMs: number;
	attempts: number;
	outcome: string;
}

export interface PhoneOutboxRow {
	id: string;
	status: string;
	attempts: number;
	errorCode: number | null;
	createdAt: string;
	sentAt: string | null;
	deliveredAt: string | null;
	readAt: string | null;
}

/** `queued` and `running` turns are open; the rest are settled. */
export interface PhoneTurn {
	id: string;
	state: 'queued' | 'running' | 'reply' | 'handoff' | 'silence' | 'failed';
	attempts: number;
	lastError: string | null;
	handoffReason: string | null;
	claimedAt: string | null;
	/** When an open turn is next due; null for settled ones. */
	dueAt: string | null;
	finishedAt: string | null;
	agent: { name: string; version: string; bundleSha256: string } | null;
	checks: PhoneCheck[];
	calls: PhoneCall[];
	outbox: PhoneOutboxRow[];
}

export interface PhoneConversation {
	status: string;
	handoffReason: string | null;
	contactName: string | null;
	messages: PhoneMessage[];
	turns: PhoneTurn[];
}

/** Clients beside the demo's two that the page offers: the newest, which somebody has just set up. */
const CLIENT_LIMIT = 4;

const CLIENTS_SQL = `
	select t.slug, t.name, jsonb_build_array(jsonb_build_object('kind', a.kind, 'externalId', a.external_id, 'displayPhone', a.phone_number)) as channels
	from tenants t
	join lateral (select c.kind, c.external_id, c.phone_number from channel_accounts c
		where c.tenant_id = t.id and c.kind = 'whatsapp' and c.is_active order by c.created_at limit 1) a on true
	where t.status in ('trial', 'active') and t.slug <> all ($1::text[])
	order by t.created_at desc
	limit $2::integer`;

/** Messages of one conversation that the page shows at most. */
const MESSAGE_LIMIT = 200;

const SCOPE_SQL = `select set_config('search_path', quote_ident($1::text), true)`;

/** The slug names the tenant before its rows may be seen, so this one look-up runs as the doors role. */
const TENANT_SQL = `select set_config('agent_factory.tenant_id', id::text, true) as id from tenants where slug = $1::text`;

const CONVERSATION_SQL = `
	select c.id, c.status, c.handoff_reason as "handoffReason", k.full_name as "contactName"
	from contact_identities i
	join contacts k on k.tenant_id = i.tenant_id and k.id = i.contact_id
	join conversations c on c.tenant_id = i.tenant_id and c.contact_id = i.contact_id
	join channel_accounts a on a.tenant_id = c.tenant_id and a.id = c.channel_account_id and a.kind = 'whatsapp'
	where i.tenant_id = current_tenant_id() and i.kind = 'phone' and i.value = $1::text and i.superseded_at is null
	order by c.last_message_at desc nulls last
	limit 1`;

const MESSAGES_SQL = `
	select m.id::text, m.provider_message_id as "providerId", m.direction, m.author, m.kind, m.body as text, m.status, m.error_code as "errorCode",
		coalesce(m.turn_id, q.turn_id)::text as "turnId", q.webhook_event_id::text as "eventId", m.created_at as "receivedAt"
	from messages m
	left join message_queue q on q.tenant_id = m.tenant_id and q.conversation_id = m.conversation_id and q.message_id = m.id
	where m.tenant_id = current_tenant_id() and m.conversation_id = $1::uuid
	order by m.id desc
	limit $2::integer`;

/** Settled turns from the ledger, open ones from the queue: a waiting burst is one turn under the id of its first message. */
const TURNS_SQL = `
	select t.id::text, t.outcome as state, t.attempts, null::text as "lastError", t.handoff_reason as "handoffReason",
		t.claimed_at as "claimedAt", t.finished_at as "finishedAt", null::timestamptz as "dueAt", t.checks,
		case when v.id is not null then jsonb_build_object('name', v.agent_name, 'version', v.version, 'bundleSha256', v.bundle_sha256) end as agent
	from turns t
	left join agent_versions v on v.tenant_id = t.tenant_id and v.id = t.agent_version_id
	where t.tenant_id = current_tenant_id() and t.conversation_id = $1::uuid
	union all
	select coalesce(q.turn_id, min(q.id))::text, case when bool_or(q.status = 'locked') then 'running' when bool_or(q.dead_at is not null) then 'failed' else 'queued' end,
		max(q.attempts), max(q.last_error), null, min(q.locked_at), max(q.finished_at), min(l.available_at) filter (where q.status = 'queued'), '[]'::jsonb, null
	from message_queue q
	left join conversation_locks l on l.tenant_id = q.tenant_id and l.conversation_id = q.conversation_id
	where q.tenant_id = current_tenant_id() and q.conversation_id = $1::uuid and (q.finished_at is null or q.dead_at is not null)
		and not exists (select 1 from turns t where t.tenant_id = q.tenant_id and t.id = q.turn_id)
	group by q.turn_id`;

const CALLS_SQL = `
	select u.turn_id::text as "turnId", u.provider, u.model, u.input_tokens as "inputTokens", u.cached_input_tokens as "cachedInputTokens",
		u.output_tokens as "outputTokens", u.cost_usd::float8 as "costUsd", u.latency_ms as "latencyMs", u.attempts, u.outcome
	from llm_usage u
	where u.tenant_id = current_tenant_id() and u.turn_id = any ($1::bigint[])
	order by u.id`;

const OUTBOX_SQL = `
	select o.turn_id::text as "turnId", o.id::text, o.status, o.attempts, o.error_code as "errorCode", o.created_at as "createdAt",
		o.sent_at as "sentAt", o.delivered_at as "deliveredAt", o.read_at as "readAt"
	from outbox_messages o
	where o.tenant_id = current_tenant_id() and o.turn_id = any ($1::bigint[])
	order by o.turn_id, o.position`;

/** The conversation of a customer's number with a tenant and all that is known of its turns; null where there is none yet. */
export async function readConversation(
	reader: PhoneReader,
	tenantSlug: string,
	phone: string,
): Promise<PhoneConversation | null> {
	return asTenant(reader, tenantSlug, async (client) => {
		const head = await client.query<{ id: string } & Omit<PhoneConversation, 'messages' | 'turns'>>(CONVERSATION_SQL, [
			phone,
		]);
		const conversation = head.rows[0];
		if (!conversation) return null;
		const messages = await client.query<PhoneMessage>(MESSAGES_SQL, [conversation.id, MESSAGE_LIMIT]);
		const turns = await readTurns(client, conversation.id);
		const { status, handoffReason, contactName } = conversation;
		return { status, handoffReason, contactName, messages: messages.rows.reverse(), turns };
	});
}

/** A client with a number, as the page offers it. */
export interface PhoneClient {
	slug: string;
	name: string;
	channels: Array<{ kind: string; externalId: string; displayPhone?: string }>;
}

/** Who has been set up since the start, newest first. */
export async function readClients({ pool, schema }: PhoneReader, known: readonly string[]): Promise<PhoneClient[]> {
	return await readOnly(pool, async (client) => {
		await client.query(SCOPE_SQL, [schema]);
		await client.query('set local role agent_factory_doors');
		return (await client.query<PhoneClient>(CLIENTS_SQL, [known, CLIENT_LIMIT])).rows;
	});
}

async function readTurns(client: PoolClient, conversationId: string): Promise<PhoneTurn[]> {
	const turns = (await client.query<Omit<PhoneTurn, 'calls' | 'outbox'>>(TURNS_SQL, [conversationId])).rows;
	const ids = turns.map((turn) => turn.id);
	const calls = (await client.query<PhoneCall & { turnId: string }>(CALLS_SQL, [ids])).rows;
	const outbox = (await client.query<PhoneOutboxRow & { turnId: string }>(OUTBOX_SQL, [ids])).rows;
	return turns.map((turn) => ({
		...turn,
		calls: calls.filter((call) => call.turnId === turn.id),
		outbox: outbox.filter((row) => row.turnId === turn.id),
	}));
}

async function asTenant<T>(
	{ pool, schema }: PhoneReader,
	slug: string,
	work: (client: PoolClient) => Promise<T>,
): Promise<T> {
	return await readOnly(pool, async (client) => {
		await client.query(SCOPE_SQL, [schema]);
		await client.query('set local role agent_factory_doors');
		const tenant = await client.query(TENANT_SQL, [slug]);
		await client.query('set local role agent_factory_runtime');
		if (tenant.rowCount === 0) throw new Error(`Business "${slug}" is not in the database. Was it seeded?`);
		return await work(client);
	});
}

async function readOnly<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
	const client = await pool.connect();
	let broken = false;
	try {
		await client.query('begin read only');
		return await work(client);
	} finally {
		// Nothing was written, so ending the transaction one way fits every outcome.
		await client.query('rollback').catch(() => (broken = true));
		client.release(broken);
	}
}
