import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { join } from 'node:path';

export interface RunningGateway {
	url: string;
	pid: number;
	stop(): Promise<void>;
}

const READY_LOOKS = 100;
const READY_EVERY_MS = 100;

/** The gateway as an operator starts it: a process of its own, on a free port. */
export async function startGatewayProcess(settings: {
	databaseUrl: string;
	appSecret: string;
	path: string;
}): Promise<RunningGateway> {
	const script = join(__dirname, '..', '..', 'cli', 'index.js');
	const flags = ['--port', '0', '--host', '127.0.0.1', '--metrics-port', 'off', '--path', settings.path];
	const child = spawn(process.execPath, [script, 'ingest', ...flags], {
		env: {
			PATH: process.env.PATH,
			DATABASE_URL: settings.databaseUrl,
			AGENT_FACTORY_META_APP_SECRETS: settings.appSecret,
			AGENT_FACTORY_META_VERIFY_TOKEN: 'bench',
		},
		stdio: ['ignore', 'ignore', 'pipe'],
	});
	const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
	const port = await new Promise<number>((resolve, reject) => {
		createInterface({ input: child.stderr }).on('line', (line) => {
			const listening = /"port":(\d+)/.exec(line);
			if (listening) resolve(Number(listening[1]));
		});
		child.once('exit', () => reject(new Error('The gateway ended before it listened')));
	});
	const origin = `http://127.0.0.1:${port}`;
	for (let look = 0; (await fetch(`${origin}/readyz`)).status !== 200; look++) {
		if (look === READY_LOOKS) throw new Error('The gateway did not become ready');
		await new Promise((resolve) => setTimeout(resolve, READY_EVERY_MS));
	}
	return {
		url: `${origin}${settings.path}`,
		pid: child.pid!,
		async stop() {
			child.kill('SIGTERM');
			await ended;
		},
	};
}
