import { createWriteStream, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Cleanup } from './cleanup';
import type { DatabaseLogin } from './databases';
import type { WorkflowFile } from './n8n/provision';
import { checkoutFolder } from './paths';
import { freePort, portFromEnvironment } from './ports';
import { silentProgress, type Progress } from './progress';
import { makeSecrets, type SandboxSecrets } from './secrets';
import type { SentMessage } from './standins/graph';
import { runFolder } from './state';

export interface SandboxOptions {
	progress?: Progress;
	signal?: AbortSignal;
	environment?: NodeJS.ProcessEnv;
	/** Logs and state.json go here; default `.sandbox` of the checkout. */
	folder?: string;
	/** false for tests: faster, and a power cut loses the data. */
	durable?: boolean;
	/** The folder with n8n's package.json and package-lock.json; default sandbox/n8n. */
	n8nSource?: string;
	/** More workflows to import and publish beside the shipped ones. */
	extraWorkflows?: WorkflowFile[];
	/** Settings added to n8n's environment. */
	n8nEnvironment?: Record<string, string>;
	/** Where Meta's part is to post, when something stands in front of n8n; default n8n's own address. */
	webhookUrl?: string;
	/** What n8n's credential holds in place of the factory database's own login, when something stands in front of that. */
	inFrontOfFactory?: (login: DatabaseLogin) => DatabaseLogin | Promise<DatabaseLogin>;
	/** n8n's queue mode: a Redis, and so many more processes of n8n. */
	queueMode?: { workers: number; webhooks: number };
	/** Hears of each message that the Graph stand-in took, as it comes in. */
	onSent?: (message: SentMessage) => void;
}

export interface SandboxPorts {
	n8n: number;
	broker: number;
	postgres: number;
	graph: number;
	llm: number;
	phone: number;
	/** Where Meta's webhooks go: n8n itself, or queue mode's first webhook process. */
	webhook: number;
}

/** What every part of a starting sandbox needs to know. */
export interface SandboxContext {
	root: string;
	/** Logs and state.json. */
	folder: string;
	/** Removed at the end. */
	work: string;
	ports: SandboxPorts;
	secrets: SandboxSecrets;
	n8nUrl: string;
	webhookUrl: string;
	environment: NodeJS.ProcessEnv;
	durable?: boolean;
	signal?: AbortSignal;
	onSent?: (message: SentMessage) => void;
	cleanup: Cleanup;
	step<T>(title: string, action: (detail: (text: string) => void) => Promise<T>): Promise<T>;
	/** Appends lines to a file in the log folder. */
	logTo(name: string): (line: string) => void;
}

/** Where 10-meta-inbound listens. */
export const webhookPath = 'agent-factory/meta';

export async function createContext(options: SandboxOptions, cleanup: Cleanup): Promise<SandboxContext> {
	const environment = options.environment ?? process.env;
	const { signal, durable, onSent } = options;
	const progress = options.progress ?? silentProgress;
	const root = checkoutFolder();
	const folder = options.folder ?? runFolder(root);
	const work = mkdtempSync(join(tmpdir(), 'agent-factory-sandbox-'));
	cleanup.add('working folder', () => rmSync(work, { recursive: true, force: true }));
	const ports = await choosePorts(environment, options);
	if (folder === join(root, '.sandbox', String(process.pid))) {
		cleanup.add('log folder', () => rmSync(folder, { recursive: true, force: true }));
	}
	const n8nUrl = `http://127.0.0.1:${ports.n8n}`;
	return {
		...{ root, folder, work, ports, environment, durable, signal, onSent, cleanup, n8nUrl },
		webhookUrl: options.webhookUrl ?? `http://127.0.0.1:${ports.webhook}/webhook/${webhookPath}`,
		secrets: makeSecrets(),
		step: (title, action) => {
			signal?.throwIfAborted();
			return progress.step(title, action);
		},
		logTo(name) {
			mkdirSync(join(folder, 'logs'), { recursive: true });
			const stream = createWriteStream(join(folder, 'logs', name), { flags: 'w' });
			cleanup.add(name, () => new Promise<void>((resolve) => stream.end(resolve)));
			return (line) => void (stream.writable && stream.write(`${line}\n`));
		},
	};
}

/** The usual ports, so that a person finds the same addresses each time; others when they are taken. */
const usualPorts = { n8n: 5678, phone: 5680, graph: 5681, llm: 5682, postgres: 54329 };

async function choosePorts(environment: NodeJS.ProcessEnv, { queueMode }: SandboxOptions): Promise<SandboxPorts> {
	const wished = (name: keyof typeof usualPorts) =>
		freePort(portFromEnvironment(`AGENT_FACTORY_${name.toUpperCase()}_PORT`, environment) ?? usualPorts[name]);
	const n8n = await wished('n8n');
	return {
		n8n,
		webhook: queueMode?.webhooks ? await freePort() : n8n,
		phone: await wished('phone'),
		graph: await wished('graph'),
		llm: await wished('llm'),
		postgres: await wished('postgres'),
		broker: await freePort(),
	};
}
