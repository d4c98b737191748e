import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { FactoryError } from '../core/errors';
import type { Cleanup } from './cleanup';
import { startPostgres } from './postgres';

/** A login and a database, as n8n's `postgres` credential and n8n's own settings want them. */
export interface DatabaseLogin {
	host: string;
	port: number;
	user: string;
	password: string;
	database: string;
	ssl: boolean;
	connectionString: string;
}

export interface SandboxDatabases {
	/** The pack's own database. Its login owns it, and is no superuser on the embedded server. */
	factory: DatabaseLogin;
	n8n: DatabaseLogin;
	/** The embedded server's process; none where DATABASE_URL gave the server. */
	pid?: number;
}

export interface OpenDatabasesOptions {
	databaseUrl?: string;
	port?: number;
	durable?: boolean;
	cleanup: Cleanup;
	log?: (line: string) => void;
}

/** Two empty databases: on an embedded server, or on the one that DATABASE_URL names (removed again at the end). */
export async function openDatabases(options: OpenDatabasesOptions): Promise<SandboxDatabases> {
	if (options.databaseUrl) return onGivenServer(options.databaseUrl, options.cleanup);
	const server = await startPostgres({ port: options.port, durable: options.durable, log: options.log });
	options.cleanup.add('PostgreSQL', () => server.stop());
	const owner = 'agent_factory_owner';
	const password = randomBytes(18).toString('base64url');
	await withClient(server.connectionString(), async (client) => {
		// createrole: the first migration makes the pack's roles. No superuser, so that row level security binds it.
		await client.query(`create role ${owner} login createrole password '${password}'`);
		await client.query(`create database agent_factory owner ${owner}`);
		await client.query('create database n8n');
	});
	const ownerUrl = new URL(server.connectionString('agent_factory'));
	ownerUrl.username = owner;
	ownerUrl.password = password;
	return { factory: loginOf(ownerUrl), n8n: loginOf(new URL(server.connectionString('n8n'))), pid: server.pid };
}

async function onGivenServer(databaseUrl: string, cleanup: Cleanup): Promise<SandboxDatabases> {
	const suffix = randomBytes(4).toString('hex');
	const names = { factory: `agent_factory_sandbox_${suffix}`, n8n: `n8n_sandbox_${suffix}` };
	const made: DatabaseLogin[] = [];
	for (const name of [names.factory, names.n8n]) {
		try {
			await withClient(databaseUrl, (client) => client.query(`create database "${name}"`));
		} catch (cause) {
			const reason = cause instanceof Error ? cause.message : String(cause);
			throw new FactoryError(
				'SANDBOX_DATABASE_URL',
				`DATABASE_URL cannot be used: ${reason}. The login must reach the server and may create databases. Without it the sandbox brings its own server: env -u DATABASE_URL npm start`,
				{ cause },
			);
		}
		cleanup.add(`database ${name}`, () =>
			withClient(databaseUrl, (client) => client.query(`drop database if exists "${name}" with (force)`)),
		);
		const url = new URL(databaseUrl);
		url.pathname = `/${name}`;
		made.push(loginOf(url));
	}
	return { factory: made[0], n8n: made[1] };
}

export function loginOf(url: URL): DatabaseLogin {
	const sslmode = url.searchParams.get('sslmode');
	return {
		host: url.hostname,
		port: Number(url.port || 5432),
		user: decodeURIComponent(url.username),
		password: decodeURIComponent(url.password),
		database: decodeURIComponent(url.pathname.slice(1)),
		ssl: sslmode !== null && sslmode !== 'disable',
		connectionString: url.toString(),
	};
}

async function withClient<T>(connectionString: string, work: (client: Client) => Promise<T>): Promise<T> {
	const client = new Client({ connectionString, connectionTimeoutMillis: 10_000 });
	await client.connect();
	try {
		return await work(client);
	} finally {
		await client.end();
	}
}
