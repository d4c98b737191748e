import type { PoolClient, QueryResultRow } from 'pg';
import { toDatabaseError, type Database } from '../database';
import { FactoryError } from '../errors';
import { IDLE_TRANSACTION_MS, STATEMENT_TIMEOUT_MS } from './defaults';

declare const tenantBrand: unique symbol;

/** A handle that can only see one tenant; only `inTenant` makes one. */
export interface TenantConnection {
	readonly [tenantBrand]: true;
	readonly tenantId: string;
	/** First row, or undefined. */
	one<T extends QueryResultRow>(sql: string, values?: unknown[]): Promise<T | undefined>;
	all<T extends QueryResultRow>(sql: string, values?: unknown[]): Promise<T[]>;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

// set_config(…, true) is SET LOCAL with parameters: it ends with the transaction, so a pooler cannot leak it.
const SCOPE = `select set_config('agent_factory.tenant_id', $1::text, true), set_config('agent_factory.actor', $2::text, true),
	set_config('statement_timeout', $3::text, true), set_config('search_path', $4::text, true), set_config('jit', 'off', true),
	set_config('idle_in_transaction_session_timeout', $5::text, true), set_config('role', 'agent_factory_runtime', true)`;

/** Runs `work` as the runtime role with one tenant in sight, in a short transaction. Await nothing but the database inside. */
export async function inTenant<T>(
	database: Database,
	tenantId: string,
	work: (tenant: TenantConnection) => Promise<T>,
	options: { actor?: string } = {},
): Promise<T> {
	if (!UUID.test(tenantId)) {
		throw new FactoryError(
			'TENANT_REQUIRED',
			'A tenant id (a uuid) is needed here. Put the Tenant Resolver before this node, or pick a tenant.',
		);
	}
	let client: PoolClient;
	try {
		client = await database.pool.connect();
	} catch (error) {
		throw toDatabaseError(error);
	}
	let broken = false;
	try {
		await client.query('begin');
		await client.query(SCOPE, [
			tenantId,
			options.actor ?? '',
			String(STATEMENT_TIMEOUT_MS),
			`${database.qualified.slice(0, -1)}, pg_temp`,
			String(IDLE_TRANSACTION_MS),
		]);
		const result = await work(handle(client, tenantId));
		await client.query('commit');
		return result;
	} catch (error) {
		const failure = toDatabaseError(error);
		// Who gave no answer is not asked again: the connection may be half-open, and the server rolls back by itself.
		if (failure.code === 'DATABASE_AWAY' || failure.code === 'DATABASE_READ_ONLY') broken = true;
		else await client.query('rollback').catch(() => (broken = true));
		throw failure;
	} finally {
		client.release(broken);
	}
}

function handle(client: PoolClient, tenantId: string): TenantConnection {
	return {
		tenantId,
		one: async <T extends QueryResultRow>(sql: string, values?: unknown[]) =>
			(await client.query<T>(sql, values)).rows[0],
		all: async <T extends QueryResultRow>(sql: string, values?: unknown[]) => (await client.query<T>(sql, values)).rows,
	} as TenantConnection;
}
