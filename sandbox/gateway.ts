import { spawn } from 'node:child_process';
import { createWriteStream, existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { FactoryError } from '../core/errors';
import { webhookPath, type SandboxContext } from './context';
import { freePort } from './ports';
import { hasEnded, killGroup, stopProcess } from './processes';
import { factorySchema, type SandboxServices } from './services';

/** The ingest gateway as a process of its own, on the sandbox's database: the second door. */
export interface SandboxGateway {
	url: string;
	webhookUrl: string;
	pid: number;
	stop(): Promise<void>;
	kill(): Promise<void>;
}

const startTimeoutMs = 30_000;
/** It drains for 10 s. */
const stopTimeoutMs = 12_000;
const pollMs = 50;

export async function startSandboxGateway(
	context: SandboxContext,
	services: Pick<SandboxServices, 'databases'>,
): Promise<SandboxGateway> {
	const script = join(context.root, 'dist', 'cli', 'index.js');
	if (!existsSync(script)) throw notStarted(`${script} is missing; run: npm run build`);
	const port = await freePort();
	const url = `http://127.0.0.1:${port}`;
	const logFile = join(context.folder, 'logs', 'gateway.log');
	mkdirSync(dirname(logFile), { recursive: true });
	const log = createWriteStream(logFile, { flags: 'a' });
	const child = spawn(process.execPath, [script, 'ingest'], {
		env: environmentOf(context, services, port),
		stdio: ['ignore', 'pipe', 'pipe'],
		detached: true,
	});
	child.on('error', (error) => log.write(`${error.message}\n`));
	child.stdout.pipe(log, { end: false });
	child.stderr.pipe(log, { end: false });
	child.once('close', () => log.end());
	const onExit = () => killGroup(child, 'SIGKILL');
	process.once('exit', onExit);
	const end = async (signal: NodeJS.Signals) => {
		await stopProcess(child, { signal, timeoutMs: stopTimeoutMs });
		process.off('exit', onExit);
	};
	const deadline = Date.now() + startTimeoutMs;
	while (!(await isReady(url))) {
		if (hasEnded(child) || Date.now() > deadline) {
			await end('SIGKILL');
			throw notStarted(`its log is ${logFile}`);
		}
		await new Promise((resolve) => setTimeout(resolve, pollMs));
	}
	return {
		url,
		webhookUrl: `${url}/webhook/${webhookPath}`,
		pid: child.pid ?? 0,
		stop: () => end('SIGTERM'),
		kill: () => end('SIGKILL'),
	};
}

const environmentOf = (
	{ secrets }: SandboxContext,
	{ databases }: Pick<SandboxServices, 'databases'>,
	port: number,
): NodeJS.ProcessEnv => ({
	PATH: process.env.PATH,
	DATABASE_URL: databases.factory.connectionString,
	AGENT_FACTORY_SCHEMA: factorySchema,
	AGENT_FACTORY_META_APP_SECRETS: secrets.appSecret,
	AGENT_FACTORY_META_VERIFY_TOKEN: secrets.verifyToken,
	AGENT_FACTORY_GATEWAY_HOST: '127.0.0.1',
	AGENT_FACTORY_GATEWAY_PORT: String(port),
	AGENT_FACTORY_GATEWAY_METRICS_PORT: 'off',
});

const isReady = async (url: string): Promise<boolean> =>
	await fetch(`${url}/readyz`).then(
		({ status }) => status === 200,
		() => false,
	);

const notStarted = (reason: string): FactoryError =>
	new FactoryError('SANDBOX_GATEWAY_FAILED', `The ingest gateway did not start: ${reason}`);
