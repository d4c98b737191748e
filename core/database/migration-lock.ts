import type { PoolClient, QueryConfig } from 'pg';
import { MIGRATION_TIMEOUT_MS } from './defaults';
import type { Database } from './pool';
import { toDatabaseError } from './sql-errors';

/** A statement that may wait for another migrator, beyond the time-out of the pool. */
export const patient = (text: string, values?: unknown[]): QueryConfig =>
	({ text, values, query_timeout: MIGRATION_TIMEOUT_MS }) as QueryConfig;

/** One transaction that holds the migrator's lock: transaction-scoped, so a pooler cannot leak it. */
export async function inMigration<T>(database: Database, work: (client: PoolClient) => Promise<T>): Promise<T> {
	let client: PoolClient;
	try {
		client = await database.pool.connect();
	} catch (error) {
		throw toDatabaseError(error);
	}
	try {
		await client.query(patient('begin'));
		await client.query(
			patient(`select pg_advisory_xact_lock(hashtextextended('n8n-nodes-agent-factory migrate ' || $1, 0))`, [
				database.schema,
			]),
		);
		const result = await work(client);
		await client.query('commit');
		return result;
	} catch (error) {
		await client.query('rollback').catch(() => undefined);
		throw toDatabaseError(error);
	} finally {
		client.release();
	}
}
