import type { Database } from '../database';
import { inTenant } from '../tenancy';
import { LIST_LIMIT } from './defaults';

const LIST_CONVERSATIONS = `select c.id, c.status, c.handoff_reason, c.handoff_at, c.unread_count, c.last_message_at, c.last_customer_message_at,
		k.full_name as contact_name, k.phone, k.username, ca.kind as channel, ca.external_id
	from conversations c
	join contacts k on k.tenant_id = c.tenant_id and k.id = c.contact_id
	join channel_accounts ca on ca.tenant_id = c.tenant_id and ca.id = c.channel_account_id
	where c.tenant_id = $1::uuid and ($2::text is null or c.status = $2::text)
		and ($3::text is null or position(lower($3::text) in lower(coalesce(k.full_name, '') || ' ' || coalesce(k.phone, '') || ' ' || coalesce(k.username, ''))) > 0)
	order by c.last_message_at desc nulls last limit $4::integer`;
const LIST_MESSAGES = `select m.id, m.direction, m.author, m.kind, m.body, m.status, m.provider_message_id,
		coalesce(m.turn_id, (select min(t.id) from turns t
			where t.tenant_id = m.tenant_id and t.conversation_id = m.conversation_id and m.id = any (t.message_ids))) as turn_id, m.created_at
	from messages m where m.tenant_id = $1::uuid and m.conversation_id = $2::uuid order by m.id desc limit $3::integer`;
const LIST_CONTACTS = `select k.id, k.full_name, k.username, k.phone, k.opted_out_at, k.marketing_opted_out_at, k.created_at,
		(select jsonb_agg(jsonb_build_object('kind', i.kind, 'value', i.value, 'superseded', i.superseded_at is not null) order by i.id)
			from contact_identities i where i.tenant_id = k.tenant_id and i.contact_id = k.id) as identities
	from contacts k where k.tenant_id = $1::uuid and k.merged_into_id is null and ($4::uuid is null or k.id = $4::uuid)
		and ($2::text is null or position(lower($2::text) in lower(coalesce(k.full_name, '') || ' ' || coalesce(k.phone, '') || ' ' || coalesce(k.username, ''))) > 0)
	order by k.created_at desc limit $3::integer`;
const REPLY_LOG = `select * from vw_reply_log where tenant_id = $1::uuid and ($2::uuid is null or conversation_id = $2::uuid)
	order by turn_id desc, position limit $3::integer`;

type Row = Record<string, unknown>;

export const listConversations = async (
	database: Database,
	tenantId: string,
	options: { status?: string; search?: string; limit?: number } = {},
): Promise<Row[]> =>
	await inTenant(
		database,
		tenantId,
		async (db) =>
			await db.all(LIST_CONVERSATIONS, [
				tenantId,
				options.status ?? null,
				options.search ?? null,
				options.limit ?? LIST_LIMIT,
			]),
	);

/** Newest first. */
export const listMessages = async (
	database: Database,
	tenantId: string,
	conversationId: string,
	limit = LIST_LIMIT,
): Promise<Row[]> =>
	await inTenant(database, tenantId, async (db) => await db.all(LIST_MESSAGES, [tenantId, conversationId, limit]));

export const listContacts = async (
	database: Database,
	tenantId: string,
	options: { search?: string; contactId?: string; limit?: number } = {},
): Promise<Row[]> =>
	await inTenant(
		database,
		tenantId,
		async (db) =>
			await db.all(LIST_CONTACTS, [
				tenantId,
				options.search ?? null,
				options.limit ?? LIST_LIMIT,
				options.contactId ?? null,
			]),
	);

/** The log that answers "why did it say that?", newest first. */
export const listReplies = async (
	database: Database,
	tenantId: string,
	options: { conversationId?: string; limit?: number } = {},
): Promise<Row[]> =>
	await inTenant(
		database,
		tenantId,
		async (db) => await db.all(REPLY_LOG, [tenantId, options.conversationId ?? null, options.limit ?? LIST_LIMIT]),
	);

/** Hands a conversation to a person: no further turn is queued, unsent replies are withdrawn. */
export const handOff = async (
	database: Database,
	tenantId: string,
	conversationId: string,
	actor?: string,
): Promise<void> =>
	await inTenant(
		database,
		tenantId,
		async (db) =>
			void (await db.one(`select take_over($1::uuid, $2::uuid, 'human_takeover')`, [tenantId, conversationId])),
		{ actor },
	);

/** Gives a conversation back to its agent. False when it had it already. */
export const resumeConversation = async (
	database: Database,
	tenantId: string,
	conversationId: string,
	actor?: string,
): Promise<boolean> =>
	await inTenant(
		database,
		tenantId,
		async (db) =>
			(
				await db.one<{ done: boolean }>(`select resume_conversation($1::uuid, $2::uuid) as done`, [
					tenantId,
					conversationId,
				])
			)?.done ?? false,
		{ actor },
	);
