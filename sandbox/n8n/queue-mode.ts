import { join } from 'node:path';
import { freePort } from '../ports';
import { urlOf } from './environment';
import { launchN8n, orEnd, type LaunchOptions, type N8nProcess } from './launch';
import { installPack } from './pack';
import { isReady, untilRouted, type StartN8nOptions } from './process';

/** What an n8n of queue mode needs, whatever its role. */
export const queueEnvironment = (redisPort: number): Record<string, string> => ({
	EXECUTIONS_MODE: 'queue',
	QUEUE_BULL_REDIS_HOST: '127.0.0.1',
	QUEUE_BULL_REDIS_PORT: String(redisPort),
});

/** The main process runs triggers and the editor; webhooks go to processes of their own. */
export const withoutWebhooks = { N8N_DISABLE_PRODUCTION_MAIN_PROCESS: 'true' };

export type QueueRole = 'worker' | 'webhook';

/** A worker or a webhook process, which a test starts and kills again and again; each has its own folder, as on its own machine. */
export interface QueueMember {
	role: QueueRole;
	name: string;
	url: string;
	logFile: string;
	/** Undefined while it is down. */
	running: N8nProcess | undefined;
	start(): Promise<void>;
	stop(): Promise<void>;
	kill(): Promise<void>;
}

export interface QueueMemberOptions {
	role: QueueRole;
	name: string;
	/** The main process: database, owner, encryption key and queue are the same. */
	main: StartN8nOptions;
	/** Where this process has its folder. */
	work: string;
	/** The pack as it would be published. */
	tarball: string;
	port?: number;
	/** Executions at once, of a worker. */
	concurrency?: number;
}

/** n8n warns below five. */
const defaultConcurrency = 10;

export async function addQueueMember(options: QueueMemberOptions): Promise<QueueMember> {
	const { role, name, main } = options;
	const userFolder = join(options.work, name);
	await installPack({ tarball: options.tarball, userFolder, signal: main.signal });
	const port = options.port ?? (await freePort());
	const brokerPort = await freePort();
	const url = urlOf({ port });
	const logFile = join(main.logFile, '..', `n8n-${name}.log`);
	const launch: LaunchOptions = {
		...{ ...main, command: role, userFolder, port, brokerPort, logFile },
		args: role === 'worker' ? [`--concurrency=${options.concurrency ?? defaultConcurrency}`] : [],
		extra: { ...main.extra, ...(role === 'worker' ? healthServer(port) : {}) },
	};
	const end = async (how: 'stop' | 'kill'): Promise<void> => {
		const process = member.running;
		member.running = undefined;
		await process?.[how]();
	};
	const member: QueueMember = {
		...{ role, name, url, logFile, running: undefined },
		async start() {
			if (member.running && !member.running.hasEnded()) return;
			const started = launchN8n(launch);
			member.running = started;
			await orEnd(started, async () => {
				await started.until(`n8n ${name} is ready`, () => isReady(url));
				if (role === 'webhook') await untilRouted(started.until, url, main.webhooks);
			});
		},
		stop: () => end('stop'),
		kill: () => end('kill'),
	};
	return member;
}

/** A worker answers HTTP only when asked to. */
const healthServer = (port: number): Record<string, string> => ({
	QUEUE_HEALTH_CHECK_ACTIVE: 'true',
	QUEUE_HEALTH_CHECK_PORT: String(port),
	N8N_WORKER_SERVER_ADDRESS: '127.0.0.1',
});
