import { spawn, type ChildProcess } from 'node:child_process';
import { createWriteStream, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { FactoryError } from '../../core/errors';
import { hasEnded, killGroup, stopProcess } from '../processes';
import { n8nEnvironment, type N8nSettings } from './environment';

export interface LaunchOptions extends N8nSettings {
	/** n8n's command: the main process, or one of queue mode's others. Default: start. */
	command?: 'start' | 'worker' | 'webhook';
	args?: string[];
	logFile: string;
	detail?: (text: string) => void;
	signal?: AbortSignal;
}

/** A started n8n process, of whatever command, of which nothing is known yet. */
export interface N8nProcess {
	pid: number;
	hasEnded(): boolean;
	/** What it printed so far. */
	log(): string;
	/** Polls until the condition holds; throws when the process ends before, or after `startTimeoutMs`. */
	until(what: string, condition: () => Promise<boolean>): Promise<void>;
	/** SIGTERM (running executions may finish), SIGKILL when that takes too long. */
	stop(timeoutMs?: number): Promise<void>;
	/** SIGKILL at once, its task runner too: for tests of what a crash leaves behind. */
	kill(): Promise<void>;
}

/** A loaded two-core machine needs some 40 s. */
const startTimeoutMs = 180_000;
/** n8n's own N8N_GRACEFUL_SHUTDOWN_TIMEOUT is 30 s. */
const stopTimeoutMs = 35_000;
/** A process that did not get ready has nothing to finish. */
const giveUpTimeoutMs = 5_000;
const pollMs = 250;
const logLinesShown = 25;

/** Starts an n8n process and waits for nothing. */
export function launchN8n(options: LaunchOptions): N8nProcess {
	const child = spawnN8n(options);
	const onExit = () => killGroup(child, 'SIGKILL');
	process.once('exit', onExit);
	const end = async (signal: NodeJS.Signals, timeoutMs: number) => {
		await stopProcess(child, { signal, timeoutMs });
		// The task runner is a child of n8n: a killed n8n leaves it behind.
		killGroup(child, 'SIGKILL');
		process.off('exit', onExit);
	};
	return {
		pid: child.pid ?? 0,
		hasEnded: () => hasEnded(child),
		log: () => readFileSync(options.logFile, 'utf8'),
		async until(what, condition) {
			options.detail?.(what);
			await waitUntil(what, condition, child, options);
		},
		stop: (timeoutMs = stopTimeoutMs) => end('SIGTERM', timeoutMs),
		async kill() {
			// The group first: the task runner must not see its n8n die and go on.
			killGroup(child, 'SIGKILL');
			await end('SIGKILL', stopTimeoutMs);
		},
	};
}

/** Waits for what this kind of process must have; ends it when that does not come. */
export async function orEnd<T>(started: N8nProcess, ready: () => Promise<T>): Promise<T> {
	try {
		return await ready();
	} catch (error) {
		await started.stop(giveUpTimeoutMs);
		throw error;
	}
}

function spawnN8n({ command = 'start', args = [], ...options }: LaunchOptions): ChildProcess {
	mkdirSync(dirname(options.logFile), { recursive: true });
	mkdirSync(options.userFolder, { recursive: true });
	const log = createWriteStream(options.logFile, { flags: 'a' });
	// Its own process group: Ctrl-C reaches us only, and we stop things in order.
	const child = spawn(options.install.node, [options.install.script, command, ...args], {
		cwd: options.userFolder,
		env: n8nEnvironment(options),
		stdio: ['ignore', 'pipe', 'pipe'],
		detached: true,
	});
	child.on('error', (error) => log.write(`${error.message}\n`));
	child.stdout?.pipe(log, { end: false });
	child.stderr?.pipe(log, { end: false });
	child.once('close', () => log.end());
	return child;
}

async function waitUntil(
	what: string,
	condition: () => Promise<boolean>,
	child: ChildProcess,
	{ logFile, signal }: LaunchOptions,
): Promise<void> {
	const deadline = Date.now() + startTimeoutMs;
	for (;;) {
		signal?.throwIfAborted();
		if (hasEnded(child))
			throw notReady(`n8n ended (${child.signalCode ?? `code ${child.exitCode}`}) before`, what, logFile);
		try {
			if (await condition()) return;
		} catch (error) {
			// No connection yet is what we wait through; an answer that says no is not.
			if (error instanceof FactoryError) throw error;
		}
		if (Date.now() > deadline) throw notReady(`n8n took more than ${startTimeoutMs / 1000} s until`, what, logFile);
		await new Promise((resolve) => setTimeout(resolve, pollMs));
	}
}

function notReady(happened: string, what: string, logFile: string): FactoryError {
	const tail = readFileSync(logFile, 'utf8').trim().split('\n').slice(-logLinesShown).join('\n');
	return new FactoryError(
		'SANDBOX_N8N_NOT_READY',
		`${happened}: ${what}. The whole log is ${logFile}, its end:\n${tail}`,
	);
}
