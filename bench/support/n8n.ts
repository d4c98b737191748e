import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Pool } from 'pg';
import { isWebhookRegistered } from '../../sandbox/n8n/api';
import { lineProgress } from '../../sandbox/progress';
import { startSandbox, type Sandbox, type SandboxOptions } from '../../sandbox/run';
import type { BenchContext } from '../index';
import { STORES, type CoreWorkflow } from './core-workflows';

/** The workflows that do the work behind the webhook. */
export const WORKERS = ['af20ConvWorker00', 'af30OutboxSender'];

/** Ten seconds in all. */
const ROUTED_LOOKS = 50;
const ROUTED_EVERY_MS = 200;

/** A gym of the sandbox, reached by WhatsApp. */
export const BENCH_TENANT = 'fitpro';

export interface BenchN8n {
	sandbox: Sandbox;
	/** The factory's database, all tenants in sight. */
	factory: Pool;
	phoneNumberId: string;
	appSecret: string;
	urlOf(path: string): string;
	pid(): number;
	/** Whether the queue is served. */
	setWorkers(on: boolean): Promise<void>;
	/** Makes a workflow in the running n8n and publishes it; resolves when its webhook is routed. */
	publish(workflow: CoreWorkflow, path: string): Promise<void>;
	/** Stops n8n and starts it with these settings; `workers` says whether the queue is served. */
	restart(settings: { environment: Record<string, string>; workers: boolean }): Promise<void>;
	stop(): Promise<void>;
}

/** A real n8n with the pack, a durable PostgreSQL, and the stand-ins. */
export async function startBenchN8n(
	{ say, signal }: BenchContext,
	options: Pick<SandboxOptions, 'n8nEnvironment' | 'onSent'> = {},
): Promise<BenchN8n> {
	const folder = mkdtempSync(join(tmpdir(), 'agent-factory-bench-'));
	const sandbox = await startSandbox({
		...options,
		folder,
		durable: true,
		signal,
		progress: lineProgress(say),
	});
	const factory = new Pool({
		connectionString: sandbox.state.database.url,
		max: 3,
		options: `-c role=agent_factory_doors -c search_path=${sandbox.state.database.schema}`,
	});
	factory.on('error', () => undefined);
	const tenant = sandbox.state.tenants.find(({ slug }) => slug === BENCH_TENANT)!;
	const all = sandbox.n8n.options.workflows ?? [];
	return {
		sandbox,
		factory,
		phoneNumberId: tenant.channels[0].externalId,
		appSecret: sandbox.state.webhook.appSecrets[0],
		urlOf: (path) => `${sandbox.state.n8n.url}/webhook/${path}`,
		pid: () => sandbox.n8n.instance.pid,
		setWorkers: async (on) => await setWorkers(sandbox, on),
		async publish(workflow, path) {
			const { id } = await callApi<{ id: string }>(sandbox, 'workflows', workflow);
			await callApi(sandbox, `workflows/${id}/activate`);
			await routed(`${sandbox.state.n8n.url}/webhook/${path}`);
		},
		async restart({ environment, workers }) {
			const { n8n } = sandbox;
			await setWorkers(sandbox, workers);
			await n8n.instance.stop();
			n8n.options.extra = { ...options.n8nEnvironment, ...environment };
			n8n.options.workflows = workers ? all : all.filter(({ id }) => !WORKERS.includes(id));
			await sandbox.restartN8n();
		},
		async stop() {
			await factory.end();
			await sandbox.stop();
			rmSync(folder, { recursive: true, force: true });
		},
	};
}

/** Publishes or withdraws the workflows behind the webhook; n8n remembers it over a restart. */
async function setWorkers(sandbox: Sandbox, on: boolean): Promise<void> {
	for (const id of WORKERS) await callApi(sandbox, `workflows/${id}/${on ? 'activate' : 'deactivate'}`);
}

async function callApi<T>({ n8n }: Sandbox, path: string, body?: object): Promise<T> {
	const response = await fetch(`${n8n.instance.url}/api/v1/${path}`, {
		method: 'POST',
		headers: { 'x-n8n-api-key': n8n.instance.apiKey, 'content-type': 'application/json' },
		body: body && JSON.stringify(body),
	});
	if (!response.ok) throw new Error(`n8n answered ${response.status} to ${path}: ${await response.text()}`);
	return (await response.json()) as T;
}

/** Publishing is asynchronous. */
async function routed(url: string): Promise<void> {
	for (let look = 0; look < ROUTED_LOOKS; look++) {
		if (await isWebhookRegistered(url, 'POST')) return;
		await new Promise((resolve) => setTimeout(resolve, ROUTED_EVERY_MS));
	}
	throw new Error(`n8n did not route ${url}`);
}

/** Where the storing workflow writes: the default schema of its login. */
export async function createBareTable({ sandbox }: BenchN8n): Promise<void> {
	await sandbox.pool.query(
		`create table if not exists public.${STORES.table} (id bigint generated always as identity primary key, payload jsonb not null, created_at timestamptz not null default now())`,
	);
}
