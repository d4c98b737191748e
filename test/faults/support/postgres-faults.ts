import { Pool } from 'pg';
import { applyMigrations } from '../../../core/database';
import { ownedTemporaryFolder, serverAccount } from '../../../sandbox/postgres-files';
import { startPostgres, type PostgresServer } from '../../../sandbox/postgres';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { urlOf } from '../../support/postgres-setup';
import { waitFor } from '../../support/wait-for';
import { timePasses } from './time-passes';
import { startTcpProxy, type TcpProxy } from './tcp-proxy';

/** A server of its own that may be restarted and crashed, with the factory's schema, behind a proxy. */
export interface BadDatabase {
	proxy: TcpProxy;
	/** Superuser, past the proxy. */
	admin: Pool;
	/** Superuser's address, past the proxy. */
	direct: string;
	/** What the pack uses: a plain login, through the proxy. */
	throughProxy: string;
	/** Stops the server (politely, or as a crash does) and starts it again on the same data. */
	restart(how: 'fast' | 'crash'): Promise<void>;
	/** Ends every session of the pack: SQLSTATE 57P01. */
	terminateSessions(): Promise<void>;
	close(): Promise<void>;
}

const DATABASE = 'factory';
const LOGIN = 'plain_login';

export async function startBadDatabase(): Promise<BadDatabase> {
	const dataDir = join(ownedTemporaryFolder('agent-factory-faults-', serverAccount()), 'data');
	// Durable: a crash may lose what was not flushed, and that is what is tested here.
	let server: PostgresServer = await startPostgres({ dataDir, durable: true });
	const { port } = server;
	const root = new Pool({ connectionString: server.connectionString(), max: 1 });
	root.on('error', () => undefined);
	await root.query(`create role ${LOGIN} login password '${LOGIN}'`);
	await root.query(`create database ${DATABASE}`);
	await root.end();
	const direct = urlOf(server.connectionString(), DATABASE);
	await applyMigrations({ connectionString: direct, schema: 'agent_factory' });
	const admin = new Pool({ connectionString: direct, max: 3, application_name: 'test-admin' });
	admin.on('error', () => undefined);
	await admin.query(`grant agent_factory_service to ${LOGIN}`);
	await admin.query(DISK_FULL);
	const proxy = await startTcpProxy({ host: '127.0.0.1', port });
	const throughProxy = new URL(direct);
	Object.assign(throughProxy, { username: LOGIN, password: LOGIN, port: String(proxy.port) });
	return {
		...{ proxy, admin, direct, throughProxy: throughProxy.toString() },
		async restart(how) {
			if (how === 'crash') process.kill(server.pid, 'SIGQUIT');
			await server.stop();
			server = await startPostgres({ dataDir, port, durable: true });
		},
		terminateSessions: async () =>
			void (await admin.query(
				`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and usename = $1`,
				[LOGIN],
			)),
		async close() {
			await proxy.close();
			await admin.end();
			await server.stop();
			rmSync(join(dataDir, '..'), { recursive: true, force: true });
		},
	};
}

// Deferred: it fails where a full disk does, at the commit, after every row of the answer has left.
const DISK_FULL = `
	create table public.disk (is_full boolean not null);
	insert into public.disk values (false);
	create function public.commit_needs_disk() returns trigger language plpgsql security definer as $$
	begin
		if (select is_full from public.disk) then
			raise exception 'could not extend file: No space left on device' using errcode = '53100';
		end if;
		return null;
	end $$;
	create constraint trigger disk after insert or update on agent_factory.webhook_events deferrable initially deferred for each row execute function public.commit_needs_disk();
	create constraint trigger disk after insert on agent_factory.turns deferrable initially deferred for each row execute function public.commit_needs_disk();
	create constraint trigger disk after update on agent_factory.outbox_messages deferrable initially deferred for each row execute function public.commit_needs_disk();`;

export interface PostgresFault {
	name: string;
	/** Resolves when all is well again, as far as the database is concerned. */
	strike(bad: BadDatabase, random: () => number): Promise<void>;
}

const LASTS_MS = 1_500;

/** Takes a setting of the database for new sessions, and makes all sessions new. */
const setting =
	(name: string, value: string, meanwhile: (bad: BadDatabase) => Promise<void> = () => timePasses(LASTS_MS)) =>
	async (bad: BadDatabase): Promise<void> => {
		await bad.admin.query(`alter database ${DATABASE} set ${name} = '${value}'`);
		await bad.terminateSessions();
		await meanwhile(bad);
		await bad.admin.query(`alter database ${DATABASE} reset ${name}`);
	};

export const POSTGRES_FAULTS: PostgresFault[] = [
	{
		name: 'every connection is cut, again and again',
		strike: async ({ proxy }) => {
			for (let times = 0; times < 8; times++) {
				proxy.cut();
				await timePasses(LASTS_MS / 8);
			}
		},
	},
	{
		name: 'nobody listens',
		strike: async ({ proxy }) => {
			await proxy.mode('refuse');
			await timePasses(LASTS_MS);
			await proxy.mode('pass');
		},
	},
	{
		name: 'connections are half-open',
		strike: async ({ proxy }) => {
			await proxy.mode('silent');
			await timePasses(LASTS_MS);
			await proxy.mode('pass');
		},
	},
	{
		name: 'the commit is done and its answer is lost',
		strike: async ({ proxy }, random) => {
			for (let times = 0; times < 8; times++) {
				proxy.cutNextAnswer({ after: random() < 0.5 ? 0 : Math.floor(random() * 300) });
				await timePasses(LASTS_MS / 8);
			}
		},
	},
	{
		name: 'answers are slow',
		strike: async ({ proxy }) => {
			proxy.delay(400);
			await timePasses(LASTS_MS);
			proxy.delay(0);
		},
	},
	{ name: 'the server is restarted', strike: async (bad) => await bad.restart('fast') },
	{ name: 'the server crashes', strike: async (bad) => await bad.restart('crash') },
	{ name: 'sessions are ended (57P01)', strike: async (bad) => await bad.terminateSessions() },
	{ name: 'statement_timeout (57014)', strike: setting('statement_timeout', '1ms') },
	{
		name: 'the database is read-only, as after a failover (25006)',
		strike: setting('default_transaction_read_only', 'on'),
	},
	{
		name: 'lock_timeout (55P03)',
		strike: setting('lock_timeout', '20ms', async ({ admin }) => {
			const client = await admin.connect();
			await client.query('begin');
			await client.query(
				'lock table agent_factory.webhook_events, agent_factory.conversation_locks, agent_factory.outbox_lanes',
			);
			await timePasses(LASTS_MS);
			await client.query('rollback');
			client.release();
		}),
	},
	{
		name: 'too many connections (53300)',
		strike: async (bad) => {
			await bad.admin.query(`alter database ${DATABASE} connection limit 0`);
			await bad.terminateSessions();
			await timePasses(LASTS_MS);
			await bad.admin.query(`alter database ${DATABASE} connection limit -1`);
		},
	},
	{
		name: 'the disk is full at the commit (53100)',
		strike: async ({ admin }) => {
			await admin.query('update public.disk set is_full = true');
			await timePasses(LASTS_MS);
			await admin.query('update public.disk set is_full = false');
		},
	},
];

/** The superuser gets in again, whatever the fault left behind. */
export const untilServerAnswers = (bad: BadDatabase): Promise<unknown> =>
	waitFor(
		async () =>
			await bad.admin.query('select 1').then(
				() => true,
				() => false,
			),
		{ timeoutMs: 20_000, what: 'the server' },
	);
