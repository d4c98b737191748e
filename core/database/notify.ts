import { Client } from 'pg';
import { LISTEN_ANSWER_MS, LISTEN_CHECK_MS, NOTIFY_COALESCE_MS, RECONNECT_MAX_MS, RECONNECT_MIN_MS } from './defaults';
import { poolConfig, type Database } from './pool';

/** The channel on which workers of one schema are woken. */
export const workChannel = (schema: string): string => `${schema}_work`;

/** What there is to do. */
export type WorkKind = 'turns' | 'outbox';

interface LastSent {
	at: number;
	timer: NodeJS.Timeout | null;
}

const lastSent = new WeakMap<Database, Map<string, LastSent>>();

/**
 * Wakes the workers, in a transaction of its own after the commit: inside it, NOTIFY takes a lock that halves ingest.
 * The first call goes out at once, those that follow within NOTIFY_COALESCE_MS go out as one. Without a kind all wake up.
 */
export function wakeWorkers(database: Database, work: WorkKind | '' = ''): void {
	const kinds = lastSent.get(database) ?? new Map<string, LastSent>();
	const state = kinds.get(work) ?? { at: Number.NEGATIVE_INFINITY, timer: null };
	lastSent.set(database, kinds.set(work, state));
	if (state.timer) return;
	const elapsed = performance.now() - state.at;
	if (elapsed >= NOTIFY_COALESCE_MS) {
		state.at = performance.now();
		sendNotify(database, work);
		return;
	}
	state.timer = setTimeout(() => {
		state.timer = null;
		state.at = performance.now();
		sendNotify(database, work);
	}, NOTIFY_COALESCE_MS - elapsed);
	state.timer.unref();
}

function sendNotify(database: Database, work: string): void {
	// Lost is harmless: the poll finds the work.
	void database.pool.query('select pg_notify($1, $2)', [workChannel(database.schema), work]).catch(() => undefined);
}

/** Says goodbye, and hangs up when the other side does not take leave: a half-open one never would. */
async function endClient(client: Client): Promise<void> {
	const { stream } = (client as unknown as { connection: { stream: { destroy(): void } } }).connection;
	const timer = setTimeout(() => stream.destroy(), LISTEN_ANSWER_MS);
	await client.end().catch(() => undefined);
	clearTimeout(timer);
}

/** Listens for wake-ups on a connection of its own and reconnects with backoff; `onState` tells whether it hears. `work` is '' for all kinds. */
export function listenForWork(
	database: Database,
	onWake: (work: string) => void,
	onState: (listening: boolean, reason?: string) => void = () => undefined,
): { close(): Promise<void> } {
	let closed = false;
	let client: Client | null = null;
	let timer: NodeJS.Timeout | null = null;
	let wait = RECONNECT_MIN_MS;

	const retry = (reason: string): void => {
		if (closed || timer) return;
		onState(false, reason);
		timer = setTimeout(() => {
			timer = null;
			void connect();
		}, wait);
		wait = Math.min(wait * 2, RECONNECT_MAX_MS);
	};
	const connect = async (): Promise<void> => {
		const { max: _max, ...config } = poolConfig(database.config);
		const fresh = new Client({
			...config,
			query_timeout: LISTEN_ANSWER_MS,
			application_name: 'n8n-nodes-agent-factory listen',
		});
		client = fresh;
		let lost = false;
		let check: NodeJS.Timeout | undefined;
		const onLost = (error?: Error): void => {
			if (lost) return;
			lost = true;
			clearInterval(check);
			void fresh.end().catch(() => undefined);
			retry(error?.message ?? 'connection ended');
		};
		fresh.on('error', onLost);
		fresh.on('end', () => onLost());
		fresh.on('notification', ({ payload }) => onWake(payload ?? ''));
		try {
			await fresh.connect();
			await fresh.query(`listen "${workChannel(database.schema)}"`);
			if (closed) return void (await endClient(fresh));
			wait = RECONNECT_MIN_MS;
			check = setInterval(() => void fresh.query('select 1').catch(onLost), LISTEN_CHECK_MS);
			check.unref();
			onState(true);
			onWake('');
		} catch (error) {
			onLost(error as Error);
		}
	};
	void connect();
	return {
		async close() {
			closed = true;
			if (timer) clearTimeout(timer);
			if (client) await endClient(client);
		},
	};
}
