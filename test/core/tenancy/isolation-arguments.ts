import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import { isOf, TEMPLATE_NAME, type Party, type Relation, type SqlFunction } from './isolation-catalogue';
import { DEAL } from './isolation-crm';
import { BOOKED_FOR, holdTime } from './isolation-calendar';
import { NAMED } from './isolation-named';
import { scoringModel } from './isolation-outcomes';

/** Ids of a party by table: what an outsider would have to know to ask for somebody else's rows. */
export type KnownIds = Map<string, { type: string; values: unknown[] }>;

const ID_COLUMNS = `select c.relname as name, format_type(a.atttypid, null) as type from pg_class c
	join pg_attribute a on a.attrelid = c.oid and a.attname = 'id' where c.relnamespace = 'agent_factory'::regnamespace and c.relkind in ('r', 'p')`;

export async function idsOf(admin: Pool, relations: Relation[], party: Party): Promise<KnownIds> {
	const known: KnownIds = new Map();
	const types = new Map(
		(await admin.query<{ name: string; type: string }>(ID_COLUMNS)).rows.map(({ name, type }) => [name, type]),
	);
	const read = async (name: string, type: string, column: string, table: Relation, wanted = 'true'): Promise<void> => {
		const { rows } = await admin.query<{ v: unknown }>(
			`select distinct ${column} as v from agent_factory.${table.name} where ${isOf(table, party)} and ${column} is not null and ${wanted} order by 1 desc limit ${MOST_VALUES}`,
		);
		known.set(name, { type, values: rows.map(({ v }) => v) });
	};
	for (const table of relations) {
		const type = types.get(table.name);
		// Of templates one that Meta approved: the others may not leave.
		const wanted = table.name === 'message_templates' ? `meta_status = 'APPROVED'` : undefined;
		if (type && !table.isView) await read(table.name, type, 'id', table, wanted);
		// A turn in work has no ledger row yet; the leases are what fences it.
		if (table.name === 'message_queue') await read('queued turns', 'bigint', 'turn_id', table);
		if (table.name === 'conversation_locks') await read('lane leases', 'bigint', 'token', table);
		if (table.name === 'outbox_messages') await read('send leases', 'bigint', 'lease_token', table);
		if (table.name === 'background_jobs') await read('job leases', 'bigint', 'lease_token', table);
		if (table.name === 'calendar_events') await read('hold tokens', 'uuid', 'hold_token', table);
		if (table.name === 'connect_leases') await read('connect tokens', 'uuid', 'token', table);
		if (table.name === 'tenant_known_contacts') await read('known names', 'text', 'username', table);
		if (table.name === 'outbox_messages') await read('provider ids', 'text', 'provider_message_id', table);
		if (table.name === 'lead_imports') await read('import keys', 'text', 'import_key', table);
		if (table.name === 'onboardings') await read('bundles', 'text', 'bundle_sha256', table);
		const wholeRow = WHOLE_ROWS[table.name];
		if (wholeRow) await read(`rows of ${table.name}`, table.name, `${table.name}::text`, table, wholeRow);
	}
	return known;
}

/** Tables whose rows some function takes whole, and which of them. */
const WHOLE_ROWS: Record<string, string> = {
	outbox_messages: `author = 'system'`,
	contacts: 'merged_into_id is null',
	message_templates: `meta_status = 'APPROVED'`,
};

/** Parameters whose name does not say which table's id they take. */
const TABLE_OF: Record<string, string> = {
	p_id: 'outbox_messages',
	p_event_id: 'webhook_events',
	p_turn_id: 'queued turns',
	p_turn_ids: 'queued turns',
	p_provider_message_id: 'provider ids',
	p_values: 'known names',
	p_answers_up_to: 'messages',
	p_fallback_template_id: 'message_templates',
	p_template_id: 'message_templates',
	p_run_id: 'agentic_instagram_dm_runs',
	p_instagram_lead_ids: 'agentic_instagram_leads',
	p_filtered_ids: 'agentic_instagram_leads',
	p_persona_id: 'tenant_personas',
	p_model_id: 'lead_scoring_models',
	p_outcome_id: 'lead_outcomes',
	p_endpoint_id: 'notification_endpoints',
	p_notice_id: 'notification_deliveries',
	p_prompt_id: 'system_prompts',
	p_onboarding_id: 'onboardings',
	p_job_id: 'background_jobs',
	p_request_id: 'sign_in_requests',
	p_to_agent_id: 'agents',
	p_crm_id: 'crm_integrations',
	p_stage_id: 'pipeline_stages',
	p_stage_ids: 'pipeline_stages',
	p_except_id: 'calendar_events',
	p_hold_token: 'hold tokens',
	p_connect_token: 'connect tokens',
	p_task_id: 'call_tasks',
	p_outbox_id: 'outbox_messages',
	p_assigned_user_id: 'users',
	p_for_conversation_id: 'conversations',
	p_bundle_sha256: 'bundles',
	p_version_id: 'tenant_personas',
};
/** Words that a function branches on. Any other text is "x". */
const WORDS: Record<string, string[]> = {
	p_kind: ['reply', 'started'],
	p_platform: ['whatsapp'],
	p_author: ['agent'],
	p_verdict: ['sent'],
	p_scope: ['tenant'],
	p_reason: ['human_takeover'],
	p_status: ['delivered'],
	p_metric: ['inbound_messages'],
	p_comment_id: ['story-comment'],
	p_timezone: ['UTC'],
	p_event_type: ['lead.hot'],
	p_target: ['persona', 'prompt'],
	p_type: ['story.job'],
	p_purpose: ['marketing'],
	p_ended: ['ok'],
	p_by: ['menu', 'person'],
	p_entity: ['deal'],
	p_color: ['#123456'],
	p_stage_type: ['contact'],
	p_event: ['handoff.overdue'],
	p_connection_status: ['needs_reconnect'],
	p_reminder_status: ['sent'],
	p_answer_text: ['1'],
	p_provider: ['twilio'],
	p_task_reason: ['requested'],
	p_task_status: ['done'],
	p_figure: ['answer'],
};

/** One object that fits wherever a function reads facts from JSON. */
const everything = (ids: KnownIds): Record<string, unknown> => ({
	action: 'reply',
	outcome: 'sent',
	status: 'delivered',
	kind: 'message',
	providerId: 'p1',
	providerMessageId: 'p2',
	outboxId: first(ids, 'outbox_messages'),
	phone: '5511900009999',
	contact: { phone: '5511900009999' },
	message: { text: 'oi', type: 'text', targetProviderId: 'taken-back' },
	messages: [{ text: 'oi', payload: { type: 'text' } }],
	message_template_name: TEMPLATE_NAME,
	event: 'PAUSED',
	type: 'text',
	contactId: first(ids, 'contacts'),
	personaId: first(ids, 'tenant_personas'),
	platform: 'whatsapp',
	username: '5511900009999',
	messageTimestamp: '2026-01-01T00:00:00Z',
	classification: 'LEAD_HOT',
	...{ icpScore: 90, fitScore: 90, intentScore: 90, confidence: 0.9 },
	...{ decidedBy: 'rules', treatment: 'hot' },
});
/** Objects that one function reads and `everything` cannot be. */
const OBJECTS: Record<string, (ids: KnownIds) => object> = {
	p_usage: () => USAGE,
	p_slot: () => ({ holdSeconds: 60 }),
	p_answer: () => ({ outcome: 'confirmed', providerEventId: 'x' }),
	p_rollout: (ids) => ({ target: 'persona', candidateId: first(ids, 'tenant_personas'), actor: 'x', isPerson: true }),
	p_move: () => ({ to: 'rolled_back', actor: 'x', isPerson: true }),
	p_settings: () => ({ sampleSize: 50 }),
	p_change: () => ({ to: 'open', actor: 'x', isPerson: true }),
	p_model: () => scoringModel('x'),
	p_prices: () => [{ category: 'UTILITY', countryPrefix: '55', validFrom: '2026-01-01', price: 1, source: 'x' }],
	p_label: () => ({ kind: 'answer', label: 'page', person: 'x' }),
	p_settlement: () => ({ outcome: 'completed' }),
	p_call: (ids) => ({
		...{ provider: 'twilio', providerCallId: 'x', direction: 'inbound', status: 'missed' },
		contactId: first(ids, 'contacts'),
	}),
	p_reading: () => ({ kind: 'image', status: 'read', text: 'x' }),
	p_parts: () => [{ text: 'oi' }],
	p_texts: () => ['oi'],
	p_routes: (ids) => [{ agentId: first(ids, 'agents') }],
	p_remote: () => ({ externalId: 'x', stage: 'x', status: 'open' }),
	p_told: () => ({ externalId: DEAL, stage: '10', status: 'open' }),
	p_outcome: (ids) => ({
		leadId: first(ids, 'leads'),
		kind: 'bom',
		source: 'person',
		actor: 'x',
		idempotencyKey: randomUUID(),
	}),
};
/** Every turn with every lease: one of them fits. */
const settles = (ids: KnownIds): object[] =>
	(ids.get('queued turns')?.values ?? []).flatMap((turnId) =>
		(ids.get('lane leases')?.values ?? []).map((leaseToken) => ({ turnId, leaseToken, decision: everything(ids) })),
	);
/** A run of outreach over each account, and a message of each lead. */
const runs = (ids: KnownIds): object[] =>
	(ids.get('channel_accounts')?.values ?? []).map((channelAccountId) => ({
		campaign: 'x',
		channelAccountId,
		templateIds: [first(ids, 'message_templates')],
		hourlyCap: 1,
		dailyCap: 1,
		quietFrom: '00:00',
		quietTo: '00:00',
		maxErrorShare: 1,
	}));
const skippedDms = (ids: KnownIds): object[] =>
	(ids.get('agentic_instagram_dm_sent')?.values ?? []).map((dmId) => ({ dmId, skipReason: 'too_long' }));
const USAGE = [{ provider: 'p', model: 'm', inputTokens: 1 }];
const first = (ids: KnownIds, table: string): unknown => ids.get(table)?.values[0] ?? null;

/** Values of one parameter: more than any story has rows of a kind. */
const MOST_VALUES = 40;
/** How many argument lists one function may have: more would mean that a parameter must be named above. */
const MOST = 3_000;
/** Tables whose rows are all alike to a function: so many are enough. */
const ALIKE: Record<string, number> = { messages: 2, webhook_events: 2, message_templates: 1 };

/** Every call of `fn` that names `tenantId` as the tenant and the rows behind `ids` as its objects. */
export function argumentLists(fn: SqlFunction, tenantId: string, ids: KnownIds): unknown[][] {
	const unnamed = fn.parameters.filter((parameter) => choices(fn, parameter, tenantId, ids) === null);
	// Parameters of unknown table are of one table, whichever: two of one call are two of its rows (keep and merge).
	const tables = [...ids.values()].filter(
		({ type, values }) => type === unnamed[0]?.type && values.length >= unnamed.length,
	);
	const lists = (unnamed.length === 0 ? [{ values: [] }] : tables).flatMap((table) => {
		let found: unknown[][] = [[]];
		for (const parameter of fn.parameters) {
			const values = choices(fn, parameter, tenantId, ids) ?? [table.values[unnamed.indexOf(parameter)]];
			found = found.flatMap((list) => values.map((value) => [...list, value]));
		}
		return found;
	});
	if (lists.length > MOST)
		throw new Error(`${fn.name} has ${lists.length} possible calls: name its parameters in isolation-arguments.ts`);
	return lists;
}

function choices(
	fn: SqlFunction,
	{ name, type }: { name: string; type: string },
	tenantId: string,
	ids: KnownIds,
): unknown[] | null {
	if (name === 'p_tenant_id') return [tenantId];
	const named = NAMED[`${fn.name}.${name}`]?.(ids);
	if (named) return named;
	const rows = ids.get(`rows of ${type.replace(/^.*\./, '')}`);
	if (rows) return rows.values;
	if (name === 'p_booked_for') return [BOOKED_FOR];
	if (name === 'p_starts_at') return [holdTime().from];
	if (name === 'p_ends_at') return [holdTime().to];
	if (name === 'p_since') return [new Date('2026-01-01T00:00:00Z')];
	if (name === 'p_lease_token')
		return ['lane leases', 'send leases', 'job leases'].flatMap((leases) => ids.get(leases)?.values ?? []);
	if (name === 'p_turns') return [JSON.stringify(settles(ids))];
	if (name === 'p_run') return runs(ids).map((run) => JSON.stringify(run));
	if (name === 'p_dms') return [JSON.stringify(skippedDms(ids))];
	const table = TABLE_OF[name] ?? `${/^p_(.+)_ids?$/.exec(name)?.[1] ?? ''}s`;
	const known = ids.get(table);
	if (known && type === `${known.type}[]`) return [known.values];
	if (known && type === known.type) return known.values.slice(0, ALIKE[table]);
	if (type === 'jsonb') return [JSON.stringify((OBJECTS[name] ?? everything)(ids))];
	if (type === 'text') return WORDS[name] ?? ['x'];
	if (type === 'boolean') return [true];
	if (type.includes('inbox_item')) return inboxItems(type, tenantId, ids);
	if (type.startsWith('timestamp') || type === 'date') return [new Date()];
	if (type === 'time without time zone') return [name.endsWith('_from') ? '00:00' : '24:00'];
	if (['integer', 'double precision', 'numeric'].includes(type)) return [1];
	return type === 'uuid' || type === 'bigint' ? null : [null];
}

/** Items of every path, as rows of the composite type. */
function inboxItems(type: string, tenantId: string, ids: KnownIds): unknown[] {
	const account = first(ids, 'channel_accounts');
	const contact = first(ids, 'contacts');
	const event = first(ids, 'webhook_events');
	const status = { kind: 'status', providerId: first(ids, 'provider ids'), status: { status: 'played' } };
	const quoted = (text: string): string => `"${text.replace(/["\\]/g, (found) => `\\${found}`)}"`;
	return [
		['usual', everything(ids)],
		['new', everything(ids)],
		['status', status],
	].map(([path, body]) => {
		const fields = [0, event, tenantId, account, 'x', '', path, contact, '', '', '', quoted(JSON.stringify(body))];
		const row = `(${fields.join(',')})`;
		return type.endsWith('[]') ? `{${quoted(row)}}` : row;
	});
}

/** Its arguments come as one JSON array of texts. */
export const callOf = (fn: SqlFunction): string =>
	`select ${fn.name}(${fn.parameters.map(({ type }, index) => `($1::jsonb ->> ${index})::${type}`).join(', ')})::text as result`;
