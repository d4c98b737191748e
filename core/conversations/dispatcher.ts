import { listenForWork, toDatabaseError, type Database } from '../database';
import { EMIT_SPACING_MS, POLL_MS } from './defaults';

export type WorkKind = 'turns' | 'outbox';

export interface DispatcherOptions {
	kind: WorkKind;
	/** Executions at once. */
	maxConcurrent: number;
	/** Milliseconds between looks when nothing wakes it. */
	pollMs?: number;
	/** Lanes one execution claims: more due lanes start more executions. */
	batchSize: number;
	/** Starts one execution; resolves when it has ended, or at once in "do not wait" mode. */
	start(due: number): Promise<void>;
	/** False: `start` resolves before the work is claimed, so starts are spaced out. */
	waits: boolean;
	onError?(error: Error): void;
	onListening?(listening: boolean, reason?: string): void;
}

/** Decides when to start executions: on NOTIFY, on a timer for work that becomes due later, and on a poll as a net. */
export function startDispatcher(database: Database, options: DispatcherOptions): { close(): Promise<void> } {
	const pollMs = options.pollMs ?? POLL_MS;
	let closed = false;
	let running = 0;
	let looking = false;
	let lookAgain = false;
	let timer: NodeJS.Timeout | null = null;

	const schedule = (ms: number): void => {
		if (closed) return;
		if (timer) clearTimeout(timer);
		timer = setTimeout(() => void look(), Math.max(0, ms));
	};

	const look = async (): Promise<void> => {
		if (closed) return;
		if (looking) {
			lookAgain = true;
			return;
		}
		looking = true;
		lookAgain = false;
		let next = pollMs;
		try {
			const { due, nextInMs } = await dueWork(database, options.kind);
			const wanted = Math.ceil(due / Math.max(1, options.batchSize));
			const free = options.maxConcurrent - running;
			for (let i = 0; i < Math.min(wanted, free); i++) run(due);
			if (nextInMs !== null) next = Math.min(pollMs, nextInMs);
			if (!options.waits && wanted > 0) next = Math.max(next, EMIT_SPACING_MS);
		} catch (error) {
			options.onError?.(toDatabaseError(error));
		} finally {
			looking = false;
			if (lookAgain && options.waits) void look();
			else schedule(next);
		}
	};

	const run = (due: number): void => {
		running++;
		void options
			.start(due)
			.catch((error: Error) => options.onError?.(error))
			.finally(() => {
				running--;
				if (options.waits) void look();
			});
	};

	const listener = listenForWork(database, () => void look(), options.onListening);
	schedule(0);
	return {
		async close() {
			closed = true;
			if (timer) clearTimeout(timer);
			await listener.close();
		},
	};
}

async function dueWork(database: Database, kind: WorkKind): Promise<{ due: number; nextInMs: number | null }> {
	// The wait is computed by the server: clocks of two machines differ.
	const { rows } = await database.pool.query<{ turns: number; outbox: number; next_in_ms: number | null }>(
		`select turns, outbox, (extract(epoch from next_at - now()) * 1000)::double precision as next_in_ms from ${database.qualified}due_work()`,
	);
	const next = rows[0].next_in_ms;
	return {
		due: kind === 'turns' ? rows[0].turns : rows[0].outbox,
		nextInMs: next === null || !Number.isFinite(next) ? null : Math.max(10, Math.ceil(next)),
	};
}
