import { toDatabaseError, wakeWorkers, type Database } from '../database';
import { inTenant } from '../tenancy';
import { FIGURE_DAYS, LIST_LIMIT, WORK_LIMIT } from './defaults';
import { readQueue, type QueuedHandoff } from './store';

async function door<T extends Record<string, unknown>>(database: Database, name: string, limit: number): Promise<T[]> {
	try {
		const { rows } = await database.pool.query<T>(`select * from ${database.qualified}${name}($1::integer)`, [
			Math.min(limit, WORK_LIMIT),
		]);
		return rows;
	} catch (error) {
		throw toDatabaseError(error);
	}
}

/** Gives back to the bot, of all tenants, the conversations in which nobody wrote for the tenant's quiet time. */
export async function returnQuietHandoffs(
	database: Database,
	options: { limit?: number } = {},
): Promise<Array<{ tenantId: string; conversationId: string }>> {
	const rows = await door<{ tenant_id: string; conversation_id: string }>(
		database,
		'return_quiet_handoffs',
		options.limit ?? WORK_LIMIT,
	);
	if (rows.length > 0) wakeWorkers(database, 'turns');
	return rows.map((row) => ({ tenantId: row.tenant_id, conversationId: row.conversation_id }));
}

/** Tells the next level, of all tenants, where the first answer is overdue; each level once. */
export async function escalateHandoffs(
	database: Database,
	options: { limit?: number } = {},
): Promise<Array<{ tenantId: string; handoffId: string; conversationId: string; level: number }>> {
	const rows = await door<{ tenant_id: string; handoff_id: string; conversation_id: string; level: number }>(
		database,
		'escalate_handoffs',
		options.limit ?? WORK_LIMIT,
	);
	return rows.map((row) => ({
		...{ tenantId: row.tenant_id, handoffId: row.handoff_id },
		...{ conversationId: row.conversation_id, level: row.level },
	}));
}

/** The queue for other nodes: who waits first. */
export const listHandoffs = async (
	database: Database,
	tenantId: string,
	filter: { assignedTo?: string | null; withReturned?: boolean; limit?: number } = {},
): Promise<QueuedHandoff[]> => await inTenant(database, tenantId, async (db) => await readQueue(db, filter));

const FIGURES = `select day, handoffs, answered, median_first_answer_seconds, share_in_time, overdue, returned_by_quiet_time, not_needed
	from v_handoff_sla where tenant_id = $1::uuid and day > (now() - make_interval(days => $2::integer))::date order by day desc limit $3::integer`;
const LABELS = `select kind, label, count(*)::integer as labels, round(avg(edit_share), 3) as mean_edit_share from handoff_labels
	where tenant_id = $1::uuid and created_at > now() - make_interval(days => $2::integer) group by kind, label order by kind, labels desc limit $3::integer`;

/** Waiting times a day, and what people made of the bot's work. */
export const handoffFigures = async (
	database: Database,
	tenantId: string,
	days = FIGURE_DAYS,
): Promise<{ days: Array<Record<string, unknown>>; labels: Array<Record<string, unknown>> }> =>
	await inTenant(database, tenantId, async (db) => ({
		days: await db.all(FIGURES, [tenantId, days, LIST_LIMIT]),
		labels: await db.all(LABELS, [tenantId, days, LIST_LIMIT]),
	}));
