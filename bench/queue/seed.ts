import type { Pool } from 'pg';

/** What `fillBacklog` stores: a row of `bench_plan` is a message, `id` its place in the order of arrival. */
const PLAN = `create temporary table bench_plan (id bigint, tenant uuid, conversation uuid, n integer) on commit drop`;

const FILL = `
	set local session_replication_role = replica;
	insert into contacts (tenant_id, id) select distinct tenant, conversation from bench_plan on conflict do nothing;
	insert into conversations (tenant_id, id, contact_id, channel_account_id, unread_count, last_customer_message_at, last_message_at)
		select p.tenant, p.conversation, p.conversation, ca.id, count(*), now(), now()
		from bench_plan p join channel_accounts ca on ca.tenant_id = p.tenant group by 1, 2, 3, 4
		on conflict (tenant_id, id) do update set unread_count = excluded.unread_count;
	insert into messages (tenant_id, id, conversation_id, contact_id, channel_account_id, direction, author, body, status, provider_message_id, created_at)
		overriding system value
		select p.tenant, p.id, p.conversation, p.conversation, ca.id, 'inbound', 'contact', p.n::text, 'received', 'wamid.' || p.id, now() - interval '1 hour'
		from bench_plan p join channel_accounts ca on ca.tenant_id = p.tenant order by p.id;
	insert into message_queue (tenant_id, id, conversation_id, message_id, created_at)
		overriding system value
		select tenant, id, conversation, id, now() - interval '1 hour' + id * interval '1 microsecond' from bench_plan order by id;
	insert into conversation_locks (tenant_id, conversation_id, available_at)
		select tenant, conversation, now() - interval '1 hour' + min(id) * interval '1 microsecond' from bench_plan group by 1, 2`;

const HOT = 'contacts, conversations, messages, message_queue, conversation_locks, turns, audit_events, tenants';

export const tenantId = (tenant: number): string => `10000000-0000-4000-8000-${tenant.toString(16).padStart(12, '0')}`;
export const conversationId = (conversation: number): string =>
	`20000000-0000-4000-8000-${conversation.toString(16).padStart(12, '0')}`;
export const conversationNumber = (id: string): number => Number.parseInt(id.slice(24), 16);

/** Running tenants with a number each, as createTenant and createChannelAccount would leave them. */
export async function seedTenants(pool: Pool, tenants: number): Promise<void> {
	await pool.query(
		`insert into tenants (id, name, slug, status) select id::uuid, 'Bench ' || n, 'bench-' || n, 'active' from unnest($1::text[]) with ordinality t(id, n)`,
		[Array.from({ length: tenants }, (_, i) => tenantId(i))],
	);
	await pool.query(
		`insert into channel_accounts (tenant_id, kind, external_id) select id, 'whatsapp', slug from tenants`,
	);
}

/**
 * Stores what ingest would have stored an hour ago for messages in order of arrival: contact, conversation, message, queue row, lane.
 * `plan` is a query of (id, tenant, conversation, n).
 */
export async function fillBacklog(pool: Pool, plan: string, values: unknown[] = []): Promise<void> {
	const client = await pool.connect();
	try {
		await client.query('begin');
		await client.query(PLAN);
		await client.query(`insert into bench_plan ${plan}`, values);
		await client.query(FILL);
		await client.query('commit');
		await client.query(`vacuum analyze ${HOT}`);
	} finally {
		client.release();
	}
}

/** Forgets every message and all that came of it. */
export async function emptyQueue(pool: Pool): Promise<void> {
	await pool.query(
		'truncate contacts, messages, message_queue, conversation_locks, turns, audit_events, conversations cascade',
	);
}
