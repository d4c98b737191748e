import { toDatabaseError, type Database } from '../../database';
import { inTenant } from '../../tenancy';
import { DUE_LIMIT, LIST_LIMIT } from './defaults';
import type { CallReason } from './types';

export interface NewCallTask {
	contactId: string;
	reason: CallReason;
	/** ISO 8601; left out: by the tenant's settings. */
	dueAt?: string;
	conversationId?: string;
	note?: string;
	assignedUserId?: string;
	/** The same key again is the same task. */
	key?: string;
}

export interface CallTaskMade {
	id: string;
	created: boolean;
	dueAt: string;
}

/** Asks a person to call somebody: one open task a contact and reason. */
export const createCallTask = async (
	database: Database,
	tenantId: string,
	task: NewCallTask,
	actor?: string,
): Promise<CallTaskMade> =>
	await inTenant(
		database,
		tenantId,
		async (db) =>
			(await db.one<{ made: CallTaskMade }>(
				`select create_call_task($1::uuid, $2::uuid, $3::text, $4::timestamptz, $5::uuid, $6::text, $7::uuid, $8::text) as made`,
				[
					tenantId,
					task.contactId,
					task.reason,
					task.dueAt ?? null,
					task.conversationId ?? null,
					task.note ?? null,
					task.assignedUserId ?? null,
					task.key ?? null,
				],
			))!.made,
		{ actor },
	);

/** Tasks with whom to call and why, the most urgent first. */
export const listCallTasks = async (
	database: Database,
	tenantId: string,
	options: { status?: string; limit?: number } = {},
): Promise<Array<Record<string, unknown>>> =>
	await inTenant(
		database,
		tenantId,
		async (db) =>
			await db.all(
				`select t.id, t.reason, t.status, t.due_at, t.due_at <= now() and t.status = 'open' as is_due, t.note, t.contact_id, k.full_name as contact_name, k.phone as contact_phone,
						t.lead_id, l.classification, l.lead_score, t.conversation_id, t.assigned_user_id, u.full_name as assigned_to, t.outcome, t.closed_at, t.closed_by, t.created_at
					from call_tasks t join contacts k on k.tenant_id = t.tenant_id and k.id = t.contact_id
					left join leads l on l.tenant_id = t.tenant_id and l.id = t.lead_id left join users u on u.id = t.assigned_user_id
					where t.tenant_id = $1::uuid and ($2::text is null or t.status = $2::text) order by t.status = 'open' desc, t.due_at limit $3::integer`,
				[tenantId, options.status ?? null, Math.min(options.limit ?? LIST_LIMIT, LIST_LIMIT)],
			),
	);

/** False when it was closed already. */
export const closeCallTask = async (
	database: Database,
	tenantId: string,
	task: { id: string; status: 'done' | 'cancelled'; outcome?: string; person?: string },
): Promise<boolean> =>
	await inTenant(
		database,
		tenantId,
		async (db) =>
			(await db.one<{ closed: boolean }>(
				`select close_call_task($1::uuid, $2::uuid, $3::text, $4::text, $5::text) as closed`,
				[tenantId, task.id, task.status, task.outcome ?? null, task.person ?? null],
			))!.closed,
		{ actor: task.person },
	);

/** Tells the people of every tenant what is due; once a task. */
export async function tellDueCalls(
	database: Database,
	limit: number = DUE_LIMIT,
): Promise<Array<{ tenantId: string; taskId: string; expired: boolean }>> {
	try {
		const { rows } = await database.pool.query<{ tenant_id: string; id: string; expired: boolean }>(
			`select tenant_id, id, expired from ${database.qualified}tell_due_calls($1::integer)`,
			[Math.min(limit, DUE_LIMIT)],
		);
		return rows.map((row) => ({ tenantId: row.tenant_id, taskId: row.id, expired: row.expired }));
	} catch (error) {
		throw toDatabaseError(error);
	}
}

export interface VoiceSettings {
	hotLeadTasks: boolean;
	missedCallTasks: boolean;
	dueMinutes: number;
	expireHours: number;
}

/** Changes what is given; the rest stays, or is what holds without settings. */
export const updateVoiceSettings = async (
	database: Database,
	tenantId: string,
	changes: Partial<VoiceSettings>,
	actor?: string,
): Promise<VoiceSettings> =>
	await inTenant(
		database,
		tenantId,
		async (db) =>
			(await db.one<VoiceSettings & Record<string, unknown>>(
				`insert into voice_settings as s (tenant_id, hot_lead_tasks, missed_call_tasks, due_minutes, expire_hours)
					values ($1::uuid, coalesce($2::boolean, false), coalesce($3::boolean, true), coalesce($4::integer, 15), coalesce($5::integer, 72))
					on conflict (tenant_id) do update set hot_lead_tasks = coalesce($2::boolean, s.hot_lead_tasks), missed_call_tasks = coalesce($3::boolean, s.missed_call_tasks),
						due_minutes = coalesce($4::integer, s.due_minutes), expire_hours = coalesce($5::integer, s.expire_hours)
					returning hot_lead_tasks as "hotLeadTasks", missed_call_tasks as "missedCallTasks", due_minutes as "dueMinutes", expire_hours as "expireHours"`,
				[
					tenantId,
					changes.hotLeadTasks ?? null,
					changes.missedCallTasks ?? null,
					changes.dueMinutes ?? null,
					changes.expireHours ?? null,
				],
			))!,
		{ actor },
	);
