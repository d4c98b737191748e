import { createHash } from 'node:crypto';
import { Pool, types, type PoolConfig } from 'pg';
import { FactoryError } from '../errors';
import { CONNECT_TIMEOUT_MS, DEFAULT_SCHEMA, IDLE_TIMEOUT_MS, POOL_MAX, QUERY_TIMEOUT_MS } from './defaults';

/** Where the factory's data is. Either a connection string or the parts; `schema` defaults to agent_factory. */
export interface DatabaseConfig {
	connectionString?: string;
	host?: string;
	port?: number;
	database?: string;
	user?: string;
	password?: string;
	ssl?: boolean | { rejectUnauthorized: boolean };
	schema?: string;
	/** Connections at most; capped at POOL_MAX. */
	maxConnections?: number;
	/** Milliseconds to wait for a connection, a free one of the pool included. */
	connectTimeoutMs?: number;
}

/** A pool that knows its schema. `qualified` is the quoted schema with a dot, for statements outside a tenant transaction. */
export interface Database {
	readonly pool: Pool;
	readonly schema: string;
	readonly qualified: string;
	/** The settings it was opened with, for a dedicated connection (LISTEN). */
	readonly config: DatabaseConfig;
}

const SCHEMA_NAME = /^[a-z_][a-z0-9_]{0,62}$/;

/** Quotes a schema name after checking that it is a plain lower-case identifier. */
export function quoteSchema(schema: string): string {
	if (!SCHEMA_NAME.test(schema)) {
		throw new FactoryError(
			'SCHEMA_NAME_INVALID',
			`The schema name "${schema}" is not a plain lower-case identifier. Use letters, digits and underscores.`,
		);
	}
	return `"${schema}"`;
}

// int8 as number: ids and counts stay far below 2^53, and JSON has no bigint. Other parsers stay pg's own,
// per pool, because pg's global parsers are shared with whatever else runs in the process.
const INT8_OID = 20;
const parsers: PoolConfig['types'] = {
	getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
		oid === INT8_OID ? Number : (types.getTypeParser(oid, format) as unknown)) as typeof types.getTypeParser,
};

export function poolConfig(config: DatabaseConfig): PoolConfig {
	return {
		...(config.connectionString
			? { connectionString: config.connectionString }
			: {
					host: config.host,
					port: config.port,
					database: config.database,
					user: config.user,
					password: config.password,
				}),
		...(config.ssl === undefined ? {} : { ssl: config.ssl }),
		types: parsers,
		max: Math.max(1, Math.min(config.maxConnections ?? POOL_MAX, POOL_MAX)),
		connectionTimeoutMillis: config.connectTimeoutMs ?? CONNECT_TIMEOUT_MS,
		query_timeout: QUERY_TIMEOUT_MS,
		idleTimeoutMillis: IDLE_TIMEOUT_MS,
		allowExitOnIdle: true,
		application_name: 'n8n-nodes-agent-factory',
		keepAlive: true,
	};
}

/** A connection that breaks must not end the process: idle, the pool says so; in somebody's hands, only the connection itself does. */
export function outlivesConnections(pool: Pool): Pool {
	pool.on('error', () => undefined);
	pool.on('connect', (client) => client.on('error', () => undefined));
	return pool;
}

/** Opens a pool of its own. Callers close it; nodes use `sharedDatabase`. */
export function openDatabase(config: DatabaseConfig): Database {
	const schema = config.schema ?? DEFAULT_SCHEMA;
	const qualified = `${quoteSchema(schema)}.`;
	const pool = outlivesConnections(new Pool(poolConfig(config)));
	return { pool, schema, qualified, config };
}

/** A pool that somebody else opened and closes. */
export function databaseOver(pool: Pool, config: DatabaseConfig = {}): Database {
	const schema = config.schema ?? DEFAULT_SCHEMA;
	return { pool, schema, qualified: `${quoteSchema(schema)}.`, config };
}

const shared = new Map<string, Database>();

/** One pool a process and credential, however many nodes and executions use it. */
export function sharedDatabase(config: DatabaseConfig): Database {
	const key = createHash('sha256').update(JSON.stringify(config)).digest('hex');
	let database = shared.get(key);
	if (!database) {
		database = openDatabase(config);
		shared.set(key, database);
	}
	return database;
}

/** Ends every shared pool; called when the process shuts down. */
export async function closeSharedDatabases(): Promise<void> {
	const databases = [...shared.values()];
	shared.clear();
	await Promise.allSettled(databases.map(async (database) => await database.pool.end()));
}

process.once('beforeExit', () => void closeSharedDatabases());
