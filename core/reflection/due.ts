import type { Database } from '../database';
import { whileAway } from '../database';
import type { ReflectionPorts } from './cycle';
import { DUE_LIMIT, LOOP_WINDOW_DAYS } from './defaults';
import { runReflection, type ReflectionResult } from './run';

const DAY_MS = 86_400_000;

export interface DueTarget {
	tenantId: string;
	target: 'persona' | 'prompt';
	agentId: string | null;
	agentVersionId: string | null;
}

interface DueRow {
	tenant_id: string;
	target: 'persona' | 'prompt';
	agent_id: string | null;
	agent_version_id: string | null;
}

/** Targets of all tenants whose last cycle is six hours old, who waited longest first. */
export const dueTargets = async (database: Database, limit = DUE_LIMIT): Promise<DueTarget[]> =>
	await whileAway(async () =>
		(
			await database.pool.query<DueRow>(`select * from ${database.qualified}due_reflections($1::integer)`, [limit])
		).rows.map((row) => ({
			tenantId: row.tenant_id,
			target: row.target,
			agentId: row.agent_id,
			agentVersionId: row.agent_version_id,
		})),
	);

/**
 * Judges every target that is due, one after the other. A run that is cut off is taken up where it stood: what was judged is no
 * longer due. One that fails does not stop the others.
 */
export async function judgeDue(
	database: Database,
	ports: ReflectionPorts,
	limit = DUE_LIMIT,
): Promise<Array<DueTarget & { result: ReflectionResult | Error }>> {
	const judged: Array<DueTarget & { result: ReflectionResult | Error }> = [];
	for (const due of await dueTargets(database, limit)) {
		const end = ports.now();
		const window = { start: new Date(end.getTime() - LOOP_WINDOW_DAYS[due.target] * DAY_MS), end };
		const target =
			due.target === 'persona'
				? { target: due.target }
				: { target: due.target, agentVersionId: due.agentVersionId as string };
		judged.push({
			...due,
			result: await runReflection(database, due.tenantId, target, window, ports).catch(
				(error: unknown) => error as Error,
			),
		});
	}
	return judged;
}
