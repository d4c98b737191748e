import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { waitFor } from '../../support/wait-for';

const COMMAND = path.join(__dirname, '../../../dist/cli/index.js');

export interface GatewayProcess {
	port: number;
	readonly alive: boolean;
	/** Ends at once, as when the machine does; answers when it is gone. */
	kill(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null>;
}

/** The gateway as it is shipped, in a process of its own. Port 0 takes a free one. */
export async function startGatewayProcess(port: number, environment: Record<string, string>): Promise<GatewayProcess> {
	if (!existsSync(COMMAND)) throw new Error('The gateway is not built: npm run build');
	const child: ChildProcess = spawn(
		process.execPath,
		[COMMAND, 'ingest', '--host', '127.0.0.1', '--port', String(port), '--metrics-port', 'off'],
		{ env: { PATH: process.env.PATH, ...environment }, stdio: ['ignore', 'ignore', 'pipe'] },
	);
	let said = '';
	child.stderr?.setEncoding('utf8').on('data', (text: string) => (said += text));
	const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
	const heard = await waitFor(() => /"event":"listening","port":(\d+)/.exec(said)?.[1] ?? child.exitCode !== null, {
		timeoutMs: 30_000,
		what: 'the gateway listening',
	});
	if (typeof heard !== 'string') throw new Error(`The gateway ended: ${said}`);
	return {
		port: Number(heard),
		get alive() {
			return child.exitCode === null && child.signalCode === null;
		},
		async kill(signal) {
			child.kill(signal);
			return await ended;
		},
	};
}
