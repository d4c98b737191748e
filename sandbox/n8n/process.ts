import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { createWriteStream, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { FactoryError } from '../../core/errors';
import { hasEnded, killGroup, stopProcess } from '../processes';
import { createApiKey, isPublished, isWebhookRegistered, logIn, type N8nSession } from './api';
import { n8nEnvironment, urlOf, type N8nSettings } from './environment';
import type { WorkflowFile } from './provision';

export interface StartN8nOptions extends N8nSettings {
	logFile: string;
	/** Published workflows to wait for. */
	workflows?: WorkflowFile[];
	/** Webhooks that must be routed before n8n counts as ready. */
	webhooks?: Array<{ method: string; path: string }>;
	detail?: (text: string) => void;
	signal?: AbortSignal;
}

/** A started n8n of which nothing is known yet. */
export interface N8nProcess {
	pid: number;
	hasEnded(): boolean;
	/** SIGTERM (running executions may finish), SIGKILL when that takes too long. */
	stop(timeoutMs?: number): Promise<void>;
	/** SIGKILL at once, its task runner too: for tests of what a crash leaves behind. */
	kill(): Promise<void>;
}

export interface N8nInstance extends Pick<N8nProcess, 'pid' | 'stop' | 'kill'> {
	url: string;
	email: string;
	password: string;
	apiKey: string;
	session: N8nSession;
	/** What it printed so far. */
	log(): string;
}

/** A loaded two-core machine needs some 40 s. */
const startTimeoutMs = 180_000;
/** n8n's own N8N_GRACEFUL_SHUTDOWN_TIMEOUT is 30 s. */
const stopTimeoutMs = 35_000;
const pollMs = 250;
const logLinesShown = 25;

/** These start nothing by themselves, so n8n reports no live trigger for a workflow of them. */
const passiveTriggers = /(errorTrigger|executeWorkflowTrigger|manualTrigger|stickyNote)$/i;

/** Starts n8n and waits until its workflows are live. */
export async function startN8n(options: StartN8nOptions): Promise<N8nInstance> {
	const { install, owner, logFile, detail = () => undefined } = options;
	const url = urlOf(options);
	const started = launchN8n(options);
	const until = (what: string, condition: () => Promise<boolean>) => {
		detail(what);
		return waitUntil(what, condition, started, options);
	};
	try {
		await until(
			`n8n ${install.version} opens its door`,
			async () => (await fetch(`${url}/healthz/readiness`)).status === 200,
		);
		const session = await logIn(url, owner.email, owner.password);
		const apiKey = await createApiKey(session, `sandbox ${randomUUID()}`);
		for (const workflow of options.workflows ?? []) {
			if (workflow.nodes.every((node) => passiveTriggers.test(node.type) || !isTrigger(node.type))) continue;
			await until(`workflow "${workflow.name}" goes live`, () => isPublished(session, workflow));
		}
		for (const { method, path } of options.webhooks ?? []) {
			await until(`${method} /webhook/${path} is routed`, () => isWebhookRegistered(`${url}/webhook/${path}`, method));
		}
		return {
			...{ url, pid: started.pid, stop: started.stop, kill: started.kill },
			email: owner.email,
			password: owner.password,
			apiKey,
			session,
			log: () => readFileSync(logFile, 'utf8'),
		};
	} catch (error) {
		await started.stop(5_000);
		throw error;
	}
}

/** Starts n8n and waits for nothing. */
export function launchN8n(options: StartN8nOptions): N8nProcess {
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
		stop: (timeoutMs = stopTimeoutMs) => end('SIGTERM', timeoutMs),
		kill: async () => {
			// The group first: the task runner must not see its n8n die and go on.
			killGroup(child, 'SIGKILL');
			await end('SIGKILL', stopTimeoutMs);
		},
	};
}

const isTrigger = (type: string): boolean => /trigger|webhook$/i.test(type);

function spawnN8n(options: StartN8nOptions): ChildProcess {
	mkdirSync(dirname(options.logFile), { recursive: true });
	mkdirSync(options.userFolder, { recursive: true });
	const log = createWriteStream(options.logFile, { flags: 'a' });
	// Its own process group: Ctrl-C reaches us only, and we stop things in order.
	const child = spawn(options.install.node, [options.install.script, 'start'], {
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
	started: N8nProcess,
	{ logFile, signal }: StartN8nOptions,
): Promise<void> {
	const deadline = Date.now() + startTimeoutMs;
	for (;;) {
		signal?.throwIfAborted();
		if (started.hasEnded()) throw notReady('n8n ended before', what, logFile);
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
