import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { createConnection } from 'node:net';
import { FactoryError } from '../core/errors';
import { freePort } from './ports';
import { hasEnded, stopProcess } from './processes';

export interface RedisServer {
	port: number;
	stop(): Promise<void>;
}

const startTimeoutMs = 10_000;
const stopTimeoutMs = 5_000;
const pollMs = 50;

/** Debian's redis-server, or another one on the path. */
export const isRedisInstalled = (): boolean => spawnSync('redis-server', ['--version']).status === 0;

/** A Redis on the loopback that keeps nothing: what n8n's queue loses with it, the leases bring back. */
export async function startRedis(folder: string): Promise<RedisServer> {
	if (!isRedisInstalled()) {
		throw new FactoryError('SANDBOX_NO_REDIS', 'redis-server is missing. Run: apt-get install -y redis-server');
	}
	mkdirSync(folder, { recursive: true });
	const port = await freePort();
	const settings = { port: String(port), bind: '127.0.0.1', dir: folder, save: '', appendonly: 'no' };
	const flags = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
	const child = spawn('redis-server', flags, { cwd: folder, stdio: 'ignore', detached: true });
	child.on('error', () => undefined);
	const onExit = () => child.kill('SIGKILL');
	process.once('exit', onExit);
	const stop = async () => {
		process.off('exit', onExit);
		await stopProcess(child, { timeoutMs: stopTimeoutMs });
	};
	const deadline = Date.now() + startTimeoutMs;
	while (!(await answersPing(port))) {
		if (hasEnded(child) || Date.now() > deadline) {
			await stop();
			throw new FactoryError('SANDBOX_NO_REDIS', `redis-server did not answer on port ${port}.`);
		}
		await new Promise((resolve) => setTimeout(resolve, pollMs));
	}
	return { port, stop };
}

function answersPing(port: number): Promise<boolean> {
	return new Promise((resolve) => {
		const socket = createConnection({ port, host: '127.0.0.1' });
		socket.setTimeout(startTimeoutMs, () => socket.destroy());
		socket.once('connect', () => socket.write('PING\r\n'));
		socket.once('data', (data) => {
			resolve(data.toString().startsWith('+PONG'));
			socket.destroy();
		});
		socket.once('error', () => resolve(false));
		socket.once('close', () => resolve(false));
	});
}
