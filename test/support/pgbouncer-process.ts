import { spawn } from 'node:child_process';
import { accessSync, constants, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { freePort } from '../../sandbox/ports';
import { ownedTemporaryFolder, serverAccount } from '../../sandbox/postgres-files';
import { hasEnded, stopProcess } from '../../sandbox/processes';
import { waitFor } from './wait-for';

/** Where Debian's package puts it. */
const PROGRAM = '/usr/sbin/pgbouncer';
const START_TIMEOUT_MS = 15_000;
const STOP_TIMEOUT_MS = 5_000;

export interface Pooler {
	/** The same login and database, through the pooler. */
	urlOf(connectionString: string): string;
	/** Its connections to the server end with it. */
	stop(): Promise<void>;
}

export function isInstalled(): boolean {
	try {
		accessSync(PROGRAM, constants.X_OK);
		return true;
	} catch {
		return false;
	}
}

/** A pgbouncer in transaction mode before the server of `connectionStrings`, which also name the logins that may pass. */
export async function startPgbouncer(
	connectionStrings: string[],
	options: { poolSize?: number } = {},
): Promise<Pooler> {
	if (!isInstalled()) throw new Error(`${PROGRAM} is missing. Run: apt-get install -y pgbouncer`);
	const account = serverAccount();
	const folder = ownedTemporaryFolder('agent-factory-pgbouncer-', account);
	const port = await freePort();
	const logins = connectionStrings.map((text) => new URL(text));
	const users = logins.map((url) => `"${decodeURIComponent(url.username)}" "${decodeURIComponent(url.password)}"`);
	writeFileSync(join(folder, 'users.txt'), `${[...new Set(users)].join('\n')}\n`);
	writeFileSync(join(folder, 'pgbouncer.ini'), configuration(folder, port, logins[0], options.poolSize ?? 5));

	const child = spawn(PROGRAM, [join(folder, 'pgbouncer.ini')], { ...account, stdio: ['ignore', 'ignore', 'pipe'] });
	const said: string[] = [];
	child.stderr.setEncoding('utf8').on('data', (text: string) => said.push(text));
	const onExit = (): void => void child.kill('SIGKILL');
	process.once('exit', onExit);
	const urlOf = (connectionString: string): string => {
		const url = new URL(connectionString);
		url.hostname = '127.0.0.1';
		url.port = String(port);
		return url.toString();
	};
	const stop = async (): Promise<void> => {
		process.off('exit', onExit);
		// SIGTERM is pgbouncer's immediate shutdown; SIGINT would wait for clients.
		await stopProcess(child, { signal: 'SIGTERM', timeoutMs: STOP_TIMEOUT_MS });
		rmSync(folder, { recursive: true, force: true });
	};
	try {
		await waitFor(async () => hasEnded(child) || (await answers(urlOf(connectionStrings[0]))), {
			timeoutMs: START_TIMEOUT_MS,
			what: 'pgbouncer',
		});
		if (hasEnded(child)) throw new Error('it ended');
	} catch (cause) {
		await stop();
		throw new Error(`pgbouncer did not start:\n${said.join('').trim().split('\n').slice(-10).join('\n')}`, { cause });
	}
	return { urlOf, stop };
}

const configuration = (folder: string, port: number, server: URL, poolSize: number): string => `[databases]
* = host=${server.hostname} port=${server.port || '5432'}

[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = ${join(folder, 'users.txt')}
pool_mode = transaction
default_pool_size = ${poolSize}
max_client_conn = 200
`;

async function answers(connectionString: string): Promise<boolean> {
	const client = new Client({ connectionString, connectionTimeoutMillis: 2_000 });
	client.on('error', () => undefined);
	try {
		await client.connect();
		await client.query('select 1');
		return true;
	} catch {
		return false;
	} finally {
		await client.end().catch(() => undefined);
	}
}
