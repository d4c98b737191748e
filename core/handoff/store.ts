import type { TenantConnection } from '../tenancy';
import { DRAFTS_SHOWN, MESSAGES_SHOWN, QUEUE_LIMIT, TEMPLATES_SHOWN } from './defaults';

/** One line of the queue, as view v_handoffs says it. */
export interface QueuedHandoff {
	id: string;
	conversation_id: string;
	contact_name: string | null;
	channel: string;
	reason: string;
	classification: string | null;
	score: number | null;
	score_reasons: ScoreReason[];
	lead_id: string | null;
	assigned_user_id: string | null;
	assigned_name: string | null;
	started_at: Date;
	sla_due_at: Date | null;
	first_answer_at: Date | null;
	first_answer_way: string | null;
	escalation_level: number;
	returned_at: Date | null;
	returned_by: string | null;
	outcome: string | null;
	summary: string | null;
	unread_count: number;
	last_customer_message_at: Date | null;
	state: 'waiting' | 'answered' | 'returned';
	overdue: boolean;
	window_open: boolean;
}

export interface ScoreReason {
	axis?: string;
	rule?: string;
	points?: number;
	word?: string;
}

export interface ShownMessage {
	id: string;
	direction: 'inbound' | 'outbound';
	author: 'contact' | 'agent' | 'human' | 'system';
	kind: string;
	body: string;
	status: string;
	revoked: boolean;
	at: Date;
}

export interface ShownTemplate {
	id: string;
	name: string;
	language: string;
	content: string;
}

/** What the agent wrote for a person to send. */
export interface ShownDraft {
	id: string;
	messages: string[];
	turn_id: string | null;
	created_at: Date;
}

export interface Thread {
	conversationId: string;
	contactName: string | null;
	channel: string;
	status: 'open' | 'handoff' | 'closed';
	optedOut: boolean;
	windowOpen: boolean;
	windowEnds: Date | null;
	summary: string | null;
	leadId: string | null;
	timezone: string;
	handoff: QueuedHandoff | null;
	messages: ShownMessage[];
	templates: ShownTemplate[];
	drafts: ShownDraft[];
}

/** Who looks at the page: a member of the tenant, as they are now. */
export interface Viewer {
	userId: string;
	name: string;
	role: 'owner' | 'admin' | 'operator' | 'viewer';
	language: 'pt-BR' | 'en';
	timezone: string;
	tenantName: string;
}

const VIEWER = `select m.user_id as "userId", coalesce(u.full_name, split_part(u.email, '@', 1)) as name, m.role, t.timezone, t.name as "tenantName",
		lead_settings_of(t.id) ->> 'analysisLanguage' as language
	from tenant_members m join users u on u.id = m.user_id join tenants t on t.id = m.tenant_id
	where m.tenant_id = $1::uuid and m.user_id = $2::uuid`;
const HANDOFF_COLUMNS = `id, conversation_id, contact_name, channel, reason, classification, score, score_reasons, lead_id, assigned_user_id, assigned_name, started_at,
	sla_due_at, first_answer_at, first_answer_way, escalation_level, returned_at, returned_by, outcome, summary, unread_count, last_customer_message_at, state, overdue, window_open`;
const QUEUE = `select ${HANDOFF_COLUMNS} from v_handoffs
	where tenant_id = $1::uuid and ($2::boolean or returned_at is null) and ($3::uuid is null or assigned_user_id = $3::uuid)
	order by state = 'returned', state <> 'waiting', sla_due_at nulls last, started_at limit $4::integer`;
const HANDOFF = `select ${HANDOFF_COLUMNS} from v_handoffs where tenant_id = $1::uuid and conversation_id = $2::uuid order by started_at desc limit 1`;
const CONVERSATION = `select c.id, c.status, c.summary, c.last_customer_message_at, k.full_name, k.opted_out_at is not null as opted_out, ca.kind as channel, t.timezone,
		l.id as lead_id, coalesce(c.last_customer_message_at > now() - interval '24 hours', false) as window_open
	from conversations c
	join tenants t on t.id = c.tenant_id
	join contacts k on k.tenant_id = c.tenant_id and k.id = c.contact_id
	join channel_accounts ca on ca.tenant_id = c.tenant_id and ca.id = c.channel_account_id
	left join leads l on l.tenant_id = c.tenant_id and l.contact_id = c.contact_id
	where c.tenant_id = $1::uuid and c.id = $2::uuid
		-- What the team itself is sent holds links of others.
		and not exists (select 1 from handoff_recipients r where r.tenant_id = c.tenant_id and r.whatsapp_number = k.phone)`;
const MESSAGES = `select m.id::text, m.direction, m.author, m.kind, m.body, m.status, m.revoked_at is not null as revoked, coalesce(m.provider_timestamp, m.created_at) as at
	from messages m where m.tenant_id = $1::uuid and m.conversation_id = $2::uuid and m.status <> 'superseded' order by m.id desc limit $3::integer`;
const TEMPLATES = `select id, name, language, content from message_templates
	where tenant_id = $1::uuid and is_active and meta_status = 'APPROVED' and meta_name is not null order by usage_count desc, name limit $2::integer`;
const HAS_DRAFTS = `select to_regclass('reply_drafts') is not null as there`;
const DRAFTS = `select id, messages, turn_id::text, created_at from reply_drafts
	where tenant_id = $1::uuid and conversation_id = $2::uuid and status = 'open' order by created_at desc limit $3::integer`;
const DRAFTED = `select d.conversation_id, k.full_name as contact_name, max(d.created_at) as at from reply_drafts d
	join conversations c on c.tenant_id = d.tenant_id and c.id = d.conversation_id
	join contacts k on k.tenant_id = c.tenant_id and k.id = c.contact_id
	where d.tenant_id = $1::uuid and d.status = 'open' group by d.conversation_id, k.full_name order by at limit $2::integer`;
const OF_HANDOFF = `select conversation_id from handoffs where tenant_id = $1::uuid and id = $2::uuid`;

export const readViewer = async (db: TenantConnection, userId: string): Promise<Viewer | null> =>
	(await db.one<Viewer & Record<string, unknown>>(VIEWER, [db.tenantId, userId])) ?? null;

/** Who waits stands first, by when they are due. */
export const readQueue = async (
	db: TenantConnection,
	filter: { assignedTo?: string | null; withReturned?: boolean; limit?: number } = {},
): Promise<QueuedHandoff[]> =>
	await db.all<QueuedHandoff & Record<string, unknown>>(QUEUE, [
		db.tenantId,
		filter.withReturned ?? false,
		filter.assignedTo ?? null,
		Math.min(filter.limit ?? QUEUE_LIMIT, QUEUE_LIMIT),
	]);

export interface DraftedConversation {
	conversation_id: string;
	contact_name: string | null;
	at: Date;
}

/** Conversations in which an answer of the agent waits for somebody to send it. */
export async function readDrafted(db: TenantConnection): Promise<DraftedConversation[]> {
	if (!(await db.one<{ there: boolean }>(HAS_DRAFTS))?.there) return [];
	return await db.all<DraftedConversation & Record<string, unknown>>(DRAFTED, [db.tenantId, QUEUE_LIMIT]);
}

export const conversationOf = async (db: TenantConnection, handoffId: string): Promise<string | null> =>
	(await db.one<{ conversation_id: string }>(OF_HANDOFF, [db.tenantId, handoffId]))?.conversation_id ?? null;

interface ConversationRow {
	id: string;
	status: Thread['status'];
	summary: string | null;
	last_customer_message_at: Date | null;
	full_name: string | null;
	opted_out: boolean;
	channel: string;
	timezone: string;
	lead_id: string | null;
	window_open: boolean;
}

/** Everything that a person needs to answer; null when the tenant has no such conversation. */
export async function readThread(db: TenantConnection, conversationId: string): Promise<Thread | null> {
	const ids = [db.tenantId, conversationId];
	const row = await db.one<ConversationRow & Record<string, unknown>>(CONVERSATION, ids);
	if (!row) return null;
	const handoff = await db.one<QueuedHandoff & Record<string, unknown>>(HANDOFF, ids);
	const messages = await db.all<ShownMessage & Record<string, unknown>>(MESSAGES, [...ids, MESSAGES_SHOWN]);
	const isWhatsApp = row.channel === 'whatsapp';
	const templates = isWhatsApp
		? await db.all<ShownTemplate & Record<string, unknown>>(TEMPLATES, [db.tenantId, TEMPLATES_SHOWN])
		: [];
	const drafts = (await db.one<{ there: boolean }>(HAS_DRAFTS))?.there
		? await db.all<ShownDraft & Record<string, unknown>>(DRAFTS, [...ids, DRAFTS_SHOWN])
		: [];
	return {
		conversationId: row.id,
		contactName: row.full_name,
		channel: row.channel,
		status: row.status,
		optedOut: row.opted_out,
		windowOpen: row.window_open,
		windowEnds: row.last_customer_message_at && new Date(row.last_customer_message_at.getTime() + 86_400_000),
		summary: row.summary,
		leadId: row.lead_id,
		timezone: row.timezone,
		handoff: handoff ?? null,
		messages: messages.reverse(),
		templates,
		drafts,
	};
}
