import type { Pool } from 'pg';
import { refusalCounts, type Flush, type IngestBatcher, type IngestResult } from '../../core/ingest';
import { type Metrics } from './metrics';

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];
const EVENTS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000];

/** What the gateway counts and measures while it works. */
export interface Instruments {
	request(status: number | 'aborted', ms: number): void;
	stored(result: IngestResult): void;
	flush(flush: Flush): void;
}

export function createInstruments(metrics: Metrics): Instruments {
	const requests = metrics.counter(
		'agent_factory_ingest_requests_total',
		'Webhook requests by the status they were answered with.',
		'status',
	);
	const items = metrics.counter(
		'agent_factory_ingest_items_total',
		'Items of acknowledged webhooks by what became of them.',
		'outcome',
	);
	const request = metrics.histogram(
		'agent_factory_ingest_request_seconds',
		'From the header of a webhook to its answer.',
		SECONDS,
	);
	const commit = metrics.histogram(
		'agent_factory_ingest_commit_seconds',
		'One shared transaction, commit included.',
		SECONDS,
	);
	const batch = metrics.histogram('agent_factory_ingest_batch_items', 'Items of one shared transaction.', EVENTS);
	const failed = metrics.counter(
		'agent_factory_ingest_commits_total',
		'Shared transactions by how they ended; refused ones are tried again body by body.',
		'ended',
	);
	metrics.readBy(
		'counter',
		'agent_factory_ingest_refusals_total',
		'Requests refused before the database: signature and shape.',
		'reason',
		refusalCounts,
	);
	return {
		request(status, ms) {
			requests.add(String(status));
			request.observe(ms / 1_000);
		},
		stored(result) {
			for (const { outcome } of result.events) items.add(outcome);
		},
		flush({ events, ms, ok }) {
			failed.add(ok ? 'stored' : 'refused');
			batch.observe(events);
			commit.observe(ms / 1_000);
		},
	};
}

export interface Watched {
	pool: Pool;
	batcher: IngestBatcher;
	requestsInFlight(): number;
	heldBytes(): number;
	ready(): boolean;
}

/** What is read from the running parts when somebody asks. */
export function watch(metrics: Metrics, { pool, batcher, requestsInFlight, heldBytes, ready }: Watched): void {
	metrics.gauge(
		'agent_factory_ingest_requests_in_flight',
		'Requests being read, stored or answered.',
		requestsInFlight,
	);
	metrics.gauge('agent_factory_ingest_held_bytes', 'Bytes of bodies being read or stored.', heldBytes);
	metrics.gauge('agent_factory_ingest_waiting_items', 'Items that wait for a transaction.', () => batcher.waiting);
	metrics.gauge('agent_factory_ingest_commits_in_flight', 'Shared transactions under way.', () => batcher.inFlight);
	metrics.readBy('gauge', 'agent_factory_ingest_pool_connections', 'Database connections by state.', 'state', () => ({
		open: pool.totalCount,
		idle: pool.idleCount,
		wanted: pool.waitingCount,
	}));
	metrics.gauge('agent_factory_ingest_ready', '1 while the gateway takes webhooks.', () => (ready() ? 1 : 0));
}
