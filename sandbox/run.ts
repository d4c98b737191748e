import { join } from 'node:path';
import { createCleanup, type Cleanup } from './cleanup';
import { createContext, type SandboxContext, type SandboxOptions } from './context';
import { startSandboxN8n, type SandboxN8n } from './n8n/in-sandbox';
import { startN8n } from './n8n/process';
import { readClients } from './phone/queries';
import { startPhone } from './phone/server';
import { factorySchema, startServices, type SandboxServices } from './services';
import { removeState, writeState, type SandboxState } from './state';

export type { SandboxOptions } from './context';

export interface Sandbox extends SandboxServices {
	state: SandboxState;
	stateFile: string;
	n8n: SandboxN8n;
	context: SandboxContext;
	/** Starts n8n again, on the same port and database, after a test stopped or killed it. */
	restartN8n(): Promise<void>;
	/** Stops everything, in reverse order; answers what could not be stopped. */
	stop(): Promise<string[]>;
}

/** Everything that `npm start` runs, in one call; the end-to-end tests use the same one. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
	const cleanup = createCleanup();
	try {
		return await start(options, cleanup);
	} catch (error) {
		await cleanup.run();
		throw error;
	}
}

async function start(options: SandboxOptions, cleanup: Cleanup): Promise<Sandbox> {
	const context = await createContext(options, cleanup);
	const services = await startServices(context, options);
	const n8n = await startSandboxN8n(context, services, options);
	cleanup.add('n8n', () => n8n.instance.stop());
	const phoneUrl = await context.step('Starting the phone page', () => openPhone(context, services));
	const state = stateOf(context, services, n8n, phoneUrl);
	const stateFile = join(context.folder, 'state.json');
	writeState(stateFile, state);
	cleanup.add('state file', () => removeState(stateFile));
	return {
		...services,
		...{ state, stateFile, n8n, context },
		async restartN8n() {
			n8n.instance = await startN8n(n8n.options);
			Object.assign(state.n8n, { apiKey: n8n.instance.apiKey });
			state.pids.n8n = n8n.instance.pid;
			writeState(stateFile, state);
		},
		stop: () => cleanup.run(),
	};
}

async function openPhone(context: SandboxContext, services: SandboxServices): Promise<string> {
	const { seeded, models } = services;
	const phone = await startPhone({
		port: context.ports.phone,
		pool: services.pool,
		webhookUrl: context.webhookUrl,
		appSecret: context.secrets.appSecret,
		graphUrl: services.graphUrl,
		tenants: seeded.tenants,
		clients: () =>
			readClients(
				{ pool: services.pool, schema: factorySchema },
				seeded.tenants.map(({ slug }) => slug),
			),
		schema: factorySchema,
		model: { scripted: models.llm.scripted, name: models.label },
	});
	context.cleanup.add('phone page', () => phone.close());
	return phone.url;
}

function stateOf(
	{ secrets, webhookUrl }: SandboxContext,
	{ databases, graphUrl, llmUrl, seeded }: SandboxServices,
	{ instance }: SandboxN8n,
	phoneUrl: string,
): SandboxState {
	return {
		n8n: { url: instance.url, email: instance.email, password: instance.password, apiKey: instance.apiKey },
		webhook: { url: webhookUrl, verifyToken: secrets.verifyToken, appSecrets: [secrets.appSecret] },
		vaultKey: secrets.vaultKey,
		database: { url: databases.factory.connectionString, schema: factorySchema },
		graph: { url: graphUrl },
		llm: { url: llmUrl },
		phone: { url: phoneUrl },
		tenants: seeded.tenants.map(({ slug, channels }) => ({
			slug,
			channels: channels.map(({ kind, externalId }) => ({ kind, externalId })),
		})),
		pids: { sandbox: process.pid, n8n: instance.pid, ...(databases.pid ? { postgres: databases.pid } : {}) },
	};
}
