import { wakeWorkers, type Database } from '../database';
import { inTenant } from '../tenancy';
import { LIST_LIMIT } from './defaults';

export interface DeadLetter {
	turnId: number;
	conversationId: string;
	messages: number;
	attempts: number;
	error: string | null;
	deadAt: Date;
}

const LIST = `select turn_id as "turnId", conversation_id as "conversationId", count(*)::integer as messages, max(attempts) as attempts,
		max(last_error) as error, max(dead_at) as "deadAt"
	from message_queue where tenant_id = $1::uuid and dead_at is not null
	group by turn_id, conversation_id order by max(dead_at) desc limit $2::integer`;

export const listDeadLetters = async (
	database: Database,
	tenantId: string,
	limit = LIST_LIMIT,
): Promise<DeadLetter[]> =>
	await inTenant(
		database,
		tenantId,
		async (db) => await db.all<DeadLetter & Record<string, unknown>>(LIST, [tenantId, limit]),
	);

/** Gives dead turns fresh attempts and their conversation back to the agent; answers how many messages came back. */
export async function requeueDeadLetters(
	database: Database,
	tenantId: string,
	turnIds: number[],
	actor?: string,
): Promise<number> {
	const count = await inTenant(
		database,
		tenantId,
		async (db) =>
			(await db.one<{ n: number }>(`select requeue_dead_letters($1::uuid, $2::bigint[]) as n`, [tenantId, turnIds]))
				?.n ?? 0,
		{ actor },
	);
	if (count > 0) wakeWorkers(database, 'turns');
	return count;
}
