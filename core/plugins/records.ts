import type { Database } from '../database';
import { inTenant } from '../tenancy';

const LIST = `select c.id, c.turn_id, c.conversation_id, c.plugin, c.tool, c.arguments, c.status, c.result, c.error_code, c.attempts, c.latency_ms,
		c.created_at, c.finished_at
	from tool_calls c
	where c.tenant_id = $1::uuid and ($2::uuid is null or c.conversation_id = $2::uuid) and ($3::text is null or c.status = $3::text)
	order by c.created_at desc, c.id limit $4::integer`;

/** Tool calls, newest first. */
export const listToolCalls = async (
	database: Database,
	tenantId: string,
	options: { conversationId?: string; status?: string; limit: number },
): Promise<Array<Record<string, unknown>>> =>
	await inTenant(
		database,
		tenantId,
		async (db) => await db.all(LIST, [tenantId, options.conversationId ?? null, options.status ?? null, options.limit]),
	);
