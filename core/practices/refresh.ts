import type { QueryConfig } from 'pg';
import { z } from 'zod/v4';
import { toDatabaseError, type Database } from '../database';
import { FLOOR, REFRESH_MS } from './defaults';

const countsSchema = z.object({
	published: z.int(),
	resting: z.int(),
	retired: z.int(),
	unchanged: z.int(),
	/** Tenants at which something is taken back now: jobs wait. */
	takenBack: z.int(),
});
export type RefreshCounts = z.infer<typeof countsSchema>;

/** Counts the evidence of all tenants that share and publishes, rests or retires practices; nothing without consent. */
export async function refreshPractices(database: Database): Promise<RefreshCounts> {
	try {
		const query: QueryConfig & { query_timeout: number } = {
			text: `select ${database.qualified}refresh_practices($1::jsonb) as counts`,
			values: [JSON.stringify(FLOOR)],
			query_timeout: REFRESH_MS,
		};
		const { rows } = await database.pool.query<{ counts: unknown }>(query);
		return countsSchema.parse(rows[0].counts);
	} catch (error) {
		throw toDatabaseError(error);
	}
}
