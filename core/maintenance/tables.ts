import { toDatabaseError, type Database } from '../database';
import { DEAD_ROWS, DEAD_SHARE, OLD_TRANSACTION_SECONDS } from './defaults';

export interface TableSize {
	table: string;
	/** Estimates of the server. */
	liveRows: number;
	deadRows: number;
	bytes: number;
	lastVacuum: string | null;
}

const SIZES = `select relname as "table", n_live_tup as "liveRows", n_dead_tup as "deadRows", pg_total_relation_size(relid) as bytes,
		greatest(last_vacuum, last_autovacuum) as "lastVacuum"
	from pg_stat_user_tables where schemaname = $1::text order by bytes desc, relname`;
// What a login may not see of others is null, and stays unreported.
const OLDEST = `select application_name as name, extract(epoch from now() - xact_start)::integer as seconds from pg_stat_activity
	where backend_xmin is not null and datname = current_database() and pid <> pg_backend_pid() and xact_start is not null
	order by xact_start limit 1`;
const OURS = `select relname as "table" from pg_class where relnamespace = $1::regnamespace and relkind = 'r' and pg_has_role(relowner, 'usage')
	and relname = any ($2::text[])`;
/** Tables from which much leaves in one night. */
const CHANGED = [
	'message_queue',
	'outbox_messages',
	'outbox_lanes',
	'webhook_events',
	'messages',
	'turns',
	'llm_usage',
	'audit_events',
];

/** Largest first. */
export async function tableSizes(database: Database): Promise<TableSize[]> {
	try {
		const { rows } = await database.pool.query<TableSize & { lastVacuum: Date | null }>(SIZES, [database.schema]);
		return rows.map((row) => ({ ...row, lastVacuum: row.lastVacuum?.toISOString() ?? null }));
	} catch (error) {
		throw toDatabaseError(error);
	}
}

/** What an operator should look at, in words: tables full of dead rows, and the transaction that keeps them. */
export async function bloatWarnings(database: Database, sizes: TableSize[]): Promise<string[]> {
	const full = sizes
		.filter(({ liveRows, deadRows }) => deadRows > DEAD_ROWS && deadRows > DEAD_SHARE * (liveRows + deadRows))
		.map(
			({ table, liveRows, deadRows }) =>
				`Table ${table} holds ${deadRows} dead rows beside ${liveRows} live ones: autovacuum does not keep up. Look for an old transaction, then VACUUM it.`,
		);
	try {
		const { rows } = await database.pool.query<{ name: string; seconds: number }>(OLDEST);
		const held = rows
			.filter(({ seconds }) => seconds > OLD_TRANSACTION_SECONDS)
			.map(
				({ name, seconds }) =>
					`A transaction of "${name}" has been open for ${Math.round(seconds / 60)} minutes: no dead row since then can be removed. End it.`,
			);
		return [...full, ...held];
	} catch (error) {
		throw toDatabaseError(error);
	}
}

/** Fresh statistics where this login owns the tables; elsewhere autovacuum makes them. Answers the tables it did. */
export async function analyseTables(database: Database): Promise<string[]> {
	try {
		const { rows } = await database.pool.query<{ table: string }>(OURS, [database.schema, CHANGED]);
		for (const { table } of rows) await database.pool.query(`analyze ${database.qualified}${table}`);
		return rows.map(({ table }) => table);
	} catch (error) {
		throw toDatabaseError(error);
	}
}
