import { Pool, type PoolConfig } from 'pg';
import { urlOf, withClient } from './postgres-setup';
import { databaseName, environmentNames } from './test-server';
import { waitFor } from './wait-for';

export { waitFor } from './wait-for';

export interface TestDatabase {
	name: string;
	connectionString: string;
	/** Past the pooler, for what needs it: logins made by the test, LISTEN. The same where the run has no pooler. */
	directUrl: string;
	/** The pool to hand to the code under test. */
	pool: Pool;
	/** A second pool of the superuser on the same database, to arrange and to look past row level security. */
	admin: Pool;
	/** Ends both pools and removes the database; a connection that the test left open fails it. */
	drop(): Promise<void>;
}

/** A database of its own, with every migration applied: a clone of the template, some 100 ms. */
export const createTestDatabase = (options: PoolConfig = {}): Promise<TestDatabase> =>
	create(fromEnvironment('template'), options);

/** A database of its own with nothing in it. */
export const emptyDatabase = (options: PoolConfig = {}): Promise<TestDatabase> => create('template0', options);

async function create(template: string, options: PoolConfig): Promise<TestDatabase> {
	const adminUrl = fromEnvironment('adminUrl');
	const name = databaseName();
	await withClient(adminUrl, (client) => client.query(`create database "${name}" template "${template}"`));
	const directUrl = urlOf(adminUrl, name);
	const connectionString = urlOf(process.env[environmentNames.pooledUrl] ?? adminUrl, name);
	const pool = quietPool({ max: 10, ...options, connectionString });
	const admin = quietPool({ max: 3, connectionString: directUrl, application_name: 'test-admin' });
	return { name, connectionString, directUrl, pool, admin, drop: () => drop(adminUrl, name, [pool, admin]) };
}

/** For what a transaction pooler cannot carry: skipped by name where the run goes through one. */
export const testDirectly: typeof test = process.env.TEST_THROUGH_POOLER === '1' ? test.skip : test;

/** Tests that cut connections on purpose must not die of the pool's error event. */
function quietPool(config: PoolConfig): Pool {
	const pool = new Pool(config);
	pool.on('error', () => undefined);
	return pool;
}

async function drop(adminUrl: string, name: string, pools: Pool[]): Promise<void> {
	for (const pool of pools) if (!pool.ended) await pool.end();
	await withClient(adminUrl, async (client) => {
		const openConnections = async (): Promise<string[]> => {
			const found = await client.query<{ what: string }>(
				`select coalesce(nullif(application_name, ''), 'unnamed') || ': ' || left(query, 120) as what
				   from pg_stat_activity where datname = $1 and backend_type = 'client backend'`,
				[name],
			);
			return found.rows.map((row) => row.what);
		};
		// A pooler keeps its connections to the server on purpose.
		const left = process.env[environmentNames.pooledUrl]
			? []
			: await waitFor(async () => (await openConnections()).length === 0, { timeoutMs: 3_000 }).then(
					() => [],
					openConnections,
				);
		await client.query(`drop database if exists "${name}" with (force)`);
		if (left.length > 0) throw new Error(`The test left ${left.length} connection(s) open:\n${left.join('\n')}`);
	});
}

function fromEnvironment(key: keyof typeof environmentNames): string {
	const value = process.env[environmentNames[key]];
	if (value) return value;
	throw new Error('No test database server. Run the file through the db project: npm run test:db -- <path>');
}
