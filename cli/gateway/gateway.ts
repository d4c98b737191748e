import type { IncomingMessage, ServerResponse } from 'node:http';
import { ensureSchema, openDatabase } from '../../core/database';
import { createIngestBatcher, storeEvents, type StoreEvents } from '../../core/ingest';
import { answer } from './answer';
import { DRAIN_MS, MAX_HELD_BYTES } from './defaults';
import { createInstruments, watch } from './instruments';
import type { Log } from './log';
import { Metrics } from './metrics';
import { watchReadiness, type Readiness } from './readiness';
import { closeServer, createGuardedServer, listenOn } from './server';
import type { GatewaySettings } from './settings';
import { handshake, receive, type WebhookParts } from './webhook';

export interface Gateway {
	port: number;
	metricsPort: number | null;
	/** Red, no new connection, what is in flight is finished, the pool is closed. False: something had to be cut off. */
	close(): Promise<boolean>;
}

export interface GatewayOptions {
	log: Log;
	/** Another way to store, for tests of what this one is there for. */
	store?: StoreEvents;
}

/** The second door to core/ingest: no state but a pool, so any number may run side by side. */
export async function startGateway(settings: GatewaySettings, { log, store }: GatewayOptions): Promise<Gateway> {
	const { connectionString, schema, maxConnections } = settings;
	const database = openDatabase({ connectionString, schema, maxConnections });
	const metrics = new Metrics();
	const instruments = createInstruments(metrics);
	const readiness = watchReadiness(database, log);
	const toDatabase: StoreEvents = async (events) => {
		await ensureSchema(database);
		return await storeEvents(database, events);
	};
	const batcher = createIngestBatcher(store ?? toDatabase, { onFlush: instruments.flush });
	const held = { bytes: 0, maxBytes: MAX_HELD_BYTES };
	const webhook: WebhookParts = { settings, database, store: batcher.store, instruments, readiness, held };
	let inFlight = 0;
	watch(metrics, {
		pool: database.pool,
		batcher,
		requestsInFlight: () => inFlight,
		heldBytes: () => held.bytes,
		ready: () => readiness.ready,
	});

	const server = createGuardedServer((request, response) => {
		inFlight += 1;
		response.once('close', () => (inFlight -= 1));
		route(settings.path, webhook, readiness, request, response).catch(() => response.destroy());
	});
	const metricsServer = createGuardedServer((request, response) => {
		if (request.url === '/metrics') answer(response, 200, metrics.text());
		else route(null, webhook, readiness, request, response).catch(() => response.destroy());
	});
	const close = async (): Promise<boolean> => {
		readiness.drain();
		const clean = await closeServer(server, DRAIN_MS);
		await closeServer(metricsServer, 0);
		await database.pool.end();
		return clean;
	};
	try {
		const port = await listenOn(server, settings.port, settings.host, '--port');
		const metricsPort =
			settings.metricsPort === null
				? null
				: await listenOn(metricsServer, settings.metricsPort, settings.metricsHost, '--metrics-port');
		void readiness.check();
		return { port, metricsPort, close };
	} catch (error) {
		await close();
		throw error;
	}
}

/** Exact paths: nothing is resolved, decoded or served from a folder. */
async function route(
	webhookPath: string | null,
	webhook: WebhookParts,
	readiness: Readiness,
	request: IncomingMessage,
	response: ServerResponse,
): Promise<void> {
	const [path, query = ''] = (request.url ?? '').split('?', 2);
	const { method = '' } = request;
	const reads = method === 'GET' || method === 'HEAD';
	const allow = (methods: string): void => {
		response.setHeader('allow', methods);
		answer(response, 405, { ok: false, reason: 'method not allowed' });
	};
	if (path === webhookPath) {
		if (method === 'POST') return await receive(webhook, request, response);
		return method === 'GET' ? handshake(webhook, query, response) : allow('GET, POST');
	}
	if (path === '/healthz') return reads ? answer(response, 200, { ok: true }) : allow('GET, HEAD');
	if (path === '/readyz') {
		if (!reads) return allow('GET, HEAD');
		const ok = await readiness.check();
		return answer(response, ok ? 200 : 503, { ok });
	}
	answer(response, 404, { ok: false, reason: 'not found' });
}
