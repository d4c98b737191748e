import { Client } from 'pg';
import { applyMigrations } from '../../core/database';
import { installPostgres, OLDER_MAJORS } from '../../sandbox/postgres-versions/install';
import { startPostgres, type PostgresServer } from '../../sandbox/postgres';
import { startPgbouncer } from './pgbouncer-process';
import { environmentNames, templateName, type TestServer } from './test-server';

/** Of pgbouncer to one database: fewer than a test's clients, so that transactions change connections. */
const POOLED_CONNECTIONS = 5;

/**
 * Starts one server for the whole run (or takes TEST_DATABASE_URL) and migrates the database that every test file clones.
 * TEST_POSTGRES_MAJOR=15, 16 or 17 starts that one; TEST_THROUGH_POOLER=1 puts pgbouncer before it.
 */
export default async function setup(): Promise<void> {
	const held: TestServer = { ...(await serverForThisRun()), template: templateName() };
	(globalThis as unknown as { agentFactoryTestServer: TestServer }).agentFactoryTestServer = held;
	try {
		await withClient(held.adminUrl, async (client) => {
			await client.query(`create database "${held.template}" template template0 encoding 'UTF8'`);
		});
		await applyMigrations({ connectionString: urlOf(held.adminUrl, held.template), schema: 'agent_factory' });
		if (process.env.TEST_THROUGH_POOLER === '1') {
			held.pooler = await startPgbouncer([held.adminUrl], { poolSize: POOLED_CONNECTIONS });
			process.env[environmentNames.pooledUrl] = held.pooler.urlOf(held.adminUrl);
		}
	} catch (error) {
		// Jest skips globalTeardown when this fails, and the server would run on.
		await stopTestServer(held);
		throw error;
	}
	process.env[environmentNames.adminUrl] = held.adminUrl;
	process.env[environmentNames.template] = held.template;
}

/** Stops the server of this run, or removes the template from a server that was given. */
export async function stopTestServer(held: TestServer): Promise<void> {
	await held.pooler?.stop();
	if (held.server) return held.server.stop();
	await withClient(held.adminUrl, (client) => client.query(`drop database if exists "${held.template}" with (force)`));
}

async function serverForThisRun(): Promise<{ adminUrl: string; server?: PostgresServer }> {
	const given = process.env.TEST_DATABASE_URL?.trim();
	if (!given) {
		const server = await startPostgres({ durable: false, native: await chosenBinaries() });
		return { adminUrl: server.connectionString(), server };
	}
	try {
		await withClient(given, (client) => client.query('select 1'));
	} catch (error) {
		const reason = error instanceof Error ? error.message : String(error);
		throw new Error(
			`TEST_DATABASE_URL does not answer (${reason}). Use the embedded server instead: env -u TEST_DATABASE_URL npm run test:db`,
		);
	}
	return { adminUrl: given };
}

async function chosenBinaries(): Promise<string | undefined> {
	const asked = process.env.TEST_POSTGRES_MAJOR?.trim();
	if (!asked) return undefined;
	const major = OLDER_MAJORS.find((one) => one === asked);
	if (!major)
		throw new Error(`TEST_POSTGRES_MAJOR is ${asked}; it may be ${OLDER_MAJORS.join(', ')}, or absent for 18.`);
	return await installPostgres(major);
}

export async function withClient<T>(connectionString: string, work: (client: Client) => Promise<T>): Promise<T> {
	const client = new Client({ connectionString, connectionTimeoutMillis: 10_000 });
	await client.connect();
	try {
		return await work(client);
	} finally {
		await client.end();
	}
}

export function urlOf(adminUrl: string, database: string): string {
	const url = new URL(adminUrl);
	url.pathname = `/${encodeURIComponent(database)}`;
	return url.toString();
}
