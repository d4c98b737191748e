import type { Pool } from 'pg';
import { claimTurns, completeTurn, loadTurn, startDispatcher, type SettledDecision } from '../../../core/conversations';
import { openDatabase, type Database } from '../../../core/database';
import { ingest } from '../../../core/ingest';
import { createGraphClient, GRAPH_VERSION } from '../../../core/meta';
import { deliverDue } from '../../../core/outbox';
import { startGraphStandIn } from '../../../sandbox/standins/graph';
import { createHttpServer, type HttpReply } from '../../../sandbox/standins/http';
import { makeTenant, vault, type TestTenant } from '../../support/factory';
import type { LoadTarget } from './load';

/** Door, workers and sender of the pack in this process, around one database address that may be a bad one. */
export interface SmallFactory {
	target: LoadTarget;
	graphUrl: string;
	database: Database;
	tenants: TestTenant[];
	/** Whether the turn worker hears NOTIFY at present. */
	listening(): boolean;
	/** Times the turn worker began to listen. */
	timesListening(): number;
	/** Errors that the workers met and survived, by code. */
	errors: Record<string, number>;
	close(): Promise<void>;
}

export interface SmallFactoryOptions {
	/** What the parts use: through the proxy. */
	connectionString: string;
	/** Past the proxy: to make the tenants. */
	direct: string;
	pollMs: number;
	/** No workers: the test does their work itself. */
	idle?: boolean;
	/** Another door, for a test that takes its safeguard away. */
	door?: (database: Database, rawBody: Buffer, signature: string | undefined) => Promise<HttpReply>;
}

const APP_SECRET = 'fault-secret';
const GRAPH_TIMEOUT_MS = 5_000;

export async function startSmallFactory(options: SmallFactoryOptions): Promise<SmallFactory> {
	const database = openDatabase({ connectionString: options.connectionString });
	const tenants = await makeTenants(options.direct);
	const errors: Record<string, number> = {};
	const onError = (error: Error): void => {
		const code = (error as { code?: string }).code ?? error.name;
		errors[code] = (errors[code] ?? 0) + 1;
	};
	const door = options.door ?? ingestDoor;
	const http = createHttpServer({
		'POST /hook': ({ rawBody, headers }) =>
			door(database, rawBody, headers['x-hub-signature-256'] as string | undefined),
	});
	const webhookUrl = `${(await http.listen()).url}/hook`;
	const standIn = await startGraphStandIn({ webhookUrl, appSecret: APP_SECRET });
	const graph = createGraphClient({ fetch, baseUrl: standIn.url, version: GRAPH_VERSION, timeoutMs: GRAPH_TIMEOUT_MS });
	let listening = false;
	let timesListening = 0;
	const common = { maxConcurrent: 3, pollMs: options.pollMs, waits: true, onError };
	const dispatch: typeof startDispatcher = options.idle ? () => ({ close: async () => undefined }) : startDispatcher;
	const turns = dispatch(database, {
		...{ ...common, kind: 'turns', batchSize: 1 },
		start: async () => await answerDue(database),
		onListening: (now) => {
			listening = now;
			if (now) timesListening++;
		},
	});
	const outbox = dispatch(database, {
		...{ ...common, kind: 'outbox', batchSize: 25 },
		start: async () => void (await deliverDue(database, { graph, vault, random: Math.random }, { workerId: 'sender' })),
	});
	return {
		target: { webhookUrl, appSecret: APP_SECRET, phoneNumberIds: tenants.map(({ phoneNumberId }) => phoneNumberId) },
		graphUrl: standIn.url,
		...{ database, tenants, errors },
		listening: () => listening,
		timesListening: () => timesListening,
		async close() {
			await Promise.all([turns.close(), outbox.close()]);
			await standIn.close();
			await http.close();
			await database.pool.end();
		},
	};
}

async function makeTenants(connectionString: string): Promise<TestTenant[]> {
	const direct = openDatabase({ connectionString });
	try {
		return [await makeTenant(direct), await makeTenant(direct)];
	} finally {
		await direct.pool.end();
	}
}

async function ingestDoor(database: Database, rawBody: Buffer, signature: string | undefined): Promise<HttpReply> {
	const { httpStatus, body } = await ingest(database, { rawBody, signature, secrets: [APP_SECRET] });
	return { status: httpStatus, body };
}

/** One execution of the worker flow, with an agent that names every question since its last answer. */
export async function answerDue(database: Database, workerId = 'worker'): Promise<void> {
	for (const turn of await claimTurns(database, { workerId, limit: 1 })) {
		const loaded = await loadTurn(database, turn);
		if (!loaded) continue;
		const { incoming, history } = loaded.context;
		const lastAnswer = history.map(({ role }) => role).lastIndexOf('agent');
		const asked = [...history.slice(lastAnswer + 1), ...incoming].map(({ text }) => text).join(' ');
		await completeTurn(database, turn, reply(`Sobre ${[...asked.matchAll(/#\d+/g)].join(' ')}`));
	}
}

export const reply = (text: string): SettledDecision => ({
	...{ action: 'reply', messages: [text], handoffReason: null, deferUntil: null, optOut: false, checks: [], usage: [] },
	...{ agentVersionId: null, systemPromptId: null, personaId: null },
});

/** Every connection of the pack's to this database is ended by the server. */
export const terminateAll = async (admin: Pool): Promise<void> =>
	void (await admin.query(
		`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name like 'n8n-nodes-agent-factory%'`,
	));
