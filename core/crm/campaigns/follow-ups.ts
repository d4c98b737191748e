import { wakeWorkers, type Database } from '../../database';
import { isFactoryError } from '../../errors';
import { textMessage } from '../../meta';
import { inTenant, type TenantConnection } from '../../tenancy';
import { sendTemplate, valueOf } from '../template-message';
import { FOLLOWUP_BATCH, GAP_HOURS, MAX_FOLLOWUPS, QUIET_FROM, QUIET_TO, SILENT_HOURS } from './defaults';

export interface FollowUpSettings {
	/** Of one agent only; of the whole tenant when absent. */
	agentId?: string | null;
	enabled?: boolean;
	silentHours?: number;
	maxFollowUps?: number;
	gapHours?: number;
	quietFrom?: string;
	quietTo?: string;
}

export interface FollowUp {
	tenantId: string;
	conversationId: string;
	leadId: string;
	nth: number;
	kind: 'text' | 'template';
	outboxId: string | null;
	/** Why nothing was sent: no_text, no_template, or the code of an error. */
	skipped: string | null;
}

interface DueRow {
	conversation_id: string;
	silent_since: string;
	nth: number;
	in_window: boolean;
	answers_up_to: string | null;
	contact_name: string | null;
	company: string;
	lead_id: string;
	[column: string]: unknown;
}

const SAVE = `insert into followup_settings as s (tenant_id, agent_id, is_enabled, silent_hours, max_followups, gap_hours, quiet_from, quiet_to)
	values ($1::uuid, $2::uuid, coalesce($3::boolean, false), coalesce($4::integer, $9::integer), coalesce($5::integer, $10::integer), coalesce($6::integer, $11::integer),
		coalesce($7::time, $12::time), coalesce($8::time, $13::time))
	on conflict (tenant_id, agent_id) do update set is_enabled = coalesce($3::boolean, s.is_enabled), silent_hours = coalesce($4::integer, s.silent_hours),
		max_followups = coalesce($5::integer, s.max_followups), gap_hours = coalesce($6::integer, s.gap_hours), quiet_from = coalesce($7::time, s.quiet_from),
		quiet_to = coalesce($8::time, s.quiet_to), updated_at = now()
	returning agent_id, is_enabled, silent_hours, max_followups, gap_hours, quiet_from, quiet_to`;
const LIST = `select agent_id, is_enabled, silent_hours, max_followups, gap_hours, quiet_from, quiet_to from followup_settings
	where tenant_id = $1::uuid order by agent_id nulls first`;
const DUE = `select conversation_id, silent_since::text, nth, in_window, answers_up_to::text, contact_name, company, lead_id from due_follow_ups($1::uuid, $2::integer)`;
/** The words while the window is open, and the template after it. */
const WORDS = `select (select content from message_templates where tenant_id = $1::uuid and category = 'follow-up' and is_active order by created_at limit 1) as text,
	(select id from message_templates where tenant_id = $1::uuid and category = 'follow-up' and is_active and meta_status = 'APPROVED' and meta_name is not null
		order by created_at limit 1) as template_id`;
/** A reply and no more: it is dropped when the customer writes, or a person takes over, before it leaves. */
const ENQUEUE = `select enqueue_outbox($1::uuid, $2::uuid, 'reply', $3::text, 0, null, $4::jsonb, $5::text, 'system', $6::bigint, null) as id`;
const NOTE = `select note_follow_up($1::uuid, $2::uuid, $3::timestamptz, $4::integer, $5::text, $6::uuid)`;

export const saveFollowUpSettings = async (
	database: Database,
	tenantId: string,
	settings: FollowUpSettings,
	actor?: string,
): Promise<Record<string, unknown>> =>
	await inTenant(
		database,
		tenantId,
		async (db) =>
			(await db.one<Record<string, unknown>>(SAVE, [
				...[tenantId, settings.agentId ?? null, settings.enabled ?? null, settings.silentHours ?? null],
				...[
					settings.maxFollowUps ?? null,
					settings.gapHours ?? null,
					settings.quietFrom ?? null,
					settings.quietTo ?? null,
				],
				...[SILENT_HOURS, MAX_FOLLOWUPS, GAP_HOURS, QUIET_FROM, QUIET_TO],
			]))!,
		{ actor },
	);

export const listFollowUpSettings = async (
	database: Database,
	tenantId: string,
): Promise<Array<Record<string, unknown>>> =>
	await inTenant(database, tenantId, async (db) => await db.all(LIST, [tenantId]));

/** Asks the silent leads of a tenant once more. Done again after a crash it finds the key in the outbox. */
export async function followUpTenant(
	database: Database,
	tenantId: string,
	limit = FOLLOWUP_BATCH,
): Promise<FollowUp[]> {
	const { due, words } = await inTenant(database, tenantId, async (db) => ({
		due: await db.all<DueRow>(DUE, [tenantId, limit]),
		words: await db.one<{ text: string | null; template_id: string | null }>(WORDS, [tenantId]),
	}));
	const done: FollowUp[] = [];
	for (const row of due) done.push(await followUp(database, tenantId, row, words!));
	if (done.some(({ outboxId }) => outboxId !== null)) wakeWorkers(database, 'outbox');
	return done;
}

async function followUp(
	database: Database,
	tenantId: string,
	row: DueRow,
	words: { text: string | null; template_id: string | null },
): Promise<FollowUp> {
	const kind = row.in_window ? 'text' : 'template';
	const done: FollowUp = {
		...{ tenantId, conversationId: row.conversation_id, leadId: row.lead_id, nth: row.nth, kind, outboxId: null },
		skipped: null,
	};
	const key = `followup:${row.conversation_id}:${row.silent_since}:${row.nth}`;
	const facts = { leadName: row.contact_name, company: row.company };
	const note = async (db: TenantConnection, outboxId: string): Promise<void> =>
		void (await db.one(NOTE, [tenantId, row.conversation_id, row.silent_since, row.nth, kind, outboxId]));
	try {
		if (kind === 'template') {
			if (words.template_id === null) return { ...done, skipped: 'no_template' };
			const outboxId = await sendTemplate(database, tenantId, {
				...{ conversationId: row.conversation_id, key, templateId: words.template_id, facts },
			});
			await inTenant(database, tenantId, async (db) => await note(db, outboxId));
			return { ...done, outboxId };
		}
		const text = words.text === null ? null : fillIn(words.text, facts);
		if (text === null) return { ...done, skipped: 'no_text' };
		const outboxId = await inTenant(database, tenantId, async (db) => {
			const values = [tenantId, row.conversation_id, key, JSON.stringify(textMessage(text)), text, row.answers_up_to];
			const { id } = (await db.one<{ id: string }>(ENQUEUE, values))!;
			await note(db, id);
			return id;
		});
		return { ...done, outboxId };
	} catch (error) {
		if (!isFactoryError(error) || error.retryable) throw error;
		return { ...done, skipped: error.code };
	}
}

/** The text with its names in; null when it asks for something that nobody knows here. */
export function fillIn(text: string, facts: { leadName: string | null; company: string }): string | null {
	let known = true;
	const filled = text.replace(/\{\{\s*([a-z_]+)\s*\}\}/g, (_, name: string) => {
		const value = valueOf(name, facts);
		known &&= value !== null;
		return value ?? '';
	});
	return known && !filled.includes('{{') ? filled : null;
}
