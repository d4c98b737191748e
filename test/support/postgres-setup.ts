import { Client } from 'pg';
import { applyMigrations } from '../../core/database';
import { startPostgres, type PostgresServer } from '../../sandbox/postgres';
import { environmentNames, templateName, type TestServer } from './test-server';

/** Starts one server for the whole run (or takes TEST_DATABASE_URL) and migrates the database that every test file clones. */
export default async function setup(): Promise<void> {
	const held: TestServer = { ...(await serverForThisRun()), template: templateName() };
	(globalThis as unknown as { agentFactoryTestServer: TestServer }).agentFactoryTestServer = held;
	try {
		await withClient(held.adminUrl, async (client) => {
			await client.query(`create database "${held.template}" template template0 encoding 'UTF8'`);
		});
		await applyMigrations({ connectionString: urlOf(held.adminUrl, held.template), schema: 'agent_factory' });
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
	if (held.server) return held.server.stop();
	await withClient(held.adminUrl, (client) => client.query(`drop database if exists "${held.template}" with (force)`));
}

async function serverForThisRun(): Promise<{ adminUrl: string; server?: PostgresServer }> {
	const given = process.env.TEST_DATABASE_URL?.trim();
	if (!given) {
		const server = await startPostgres({ durable: false });
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
