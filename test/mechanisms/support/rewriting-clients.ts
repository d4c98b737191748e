import type { Pool, PoolClient, QueryConfig } from 'pg';
import { databaseOver, type Database } from '../../../core/database';

/** The same database, whose clients get every statement as `rewrite` makes it: a part without one of its statements. */
export function rewritingClients(database: Database, rewrite: (text: string) => string): Database {
	const { pool } = database;
	const connect = async (): Promise<PoolClient> => {
		const client = await pool.connect();
		const query = async (given: string | QueryConfig, values?: unknown[]): Promise<unknown> => {
			const statement = typeof given === 'string' ? { text: given, values } : given;
			const text = rewrite(statement.text);
			return await client.query(
				text === statement.text ? statement : { ...statement, text, values: valuesFor(text, statement) },
			);
		};
		return Object.assign(Object.create(client) as PoolClient, {
			query,
			release: (broken?: boolean) => client.release(broken),
		});
	};
	const shared = { connect, query: pool.query.bind(pool), end: async () => await pool.end() };
	return databaseOver(shared as unknown as Pool, database.config);
}

/** A statement that lost its parameters takes no values. */
const valuesFor = (text: string, { values }: QueryConfig): unknown[] | undefined =>
	text.includes('$1') ? values : undefined;
