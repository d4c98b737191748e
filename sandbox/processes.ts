import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';

export interface RunOptions {
	cwd?: string;
	env?: NodeJS.ProcessEnv;
	uid?: number;
	gid?: number;
	/** Each line the program prints, both streams. */
	onLine?: (line: string) => void;
	/** Ends the program when aborted. */
	signal?: AbortSignal;
}

/** How many of a failed program's last lines its error shows. */
const linesShown = 15;

/** Runs a program to its end and answers what it printed; a failure names the program and shows its last lines. */
export async function runToEnd(command: string, args: string[], options: RunOptions = {}): Promise<string> {
	const { onLine, signal, ...rest } = options;
	const spawnOptions: SpawnOptions = { ...rest, stdio: ['ignore', 'pipe', 'pipe'], detached: true };
	const child = spawn(command, args, spawnOptions);
	const stopNow = () => killGroup(child, 'SIGKILL');
	signal?.addEventListener('abort', stopNow, { once: true });
	process.once('exit', stopNow);
	const output: string[] = [];
	const take = (text: string) => {
		output.push(text);
		if (onLine) for (const line of text.split(/\r?\n/)) if (line.trim()) onLine(line);
	};
	child.stdout?.setEncoding('utf8').on('data', take);
	child.stderr?.setEncoding('utf8').on('data', take);
	try {
		await new Promise<void>((resolve, reject) => {
			child.once('error', reject);
			child.once('close', (code, killedBy) => {
				if (code === 0) return resolve();
				const tail = output.join('').trim().split('\n').slice(-linesShown).join('\n');
				reject(new Error(`${command} ${args[0] ?? ''} ended with ${killedBy ?? `code ${code}`}:\n${tail}`));
			});
		});
	} finally {
		signal?.removeEventListener('abort', stopNow);
		process.off('exit', stopNow);
	}
	return output.join('');
}

/** Asks a process to end, and ends it when it has not after `timeoutMs`. */
export async function stopProcess(
	child: ChildProcess,
	{ signal = 'SIGTERM', timeoutMs }: { signal?: NodeJS.Signals; timeoutMs: number },
): Promise<void> {
	if (child.pid === undefined || hasEnded(child)) return;
	const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
	child.kill(signal);
	const timer = setTimeout(() => killGroup(child, 'SIGKILL'), timeoutMs);
	await ended;
	clearTimeout(timer);
}

/** The process and the children it started in its own group (n8n's task runner outlives a killed n8n otherwise). */
export function killGroup(child: ChildProcess, signal: NodeJS.Signals): void {
	if (child.pid === undefined) return;
	try {
		process.kill(-child.pid, signal);
	} catch {
		child.kill(signal);
	}
}

export const hasEnded = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null;
