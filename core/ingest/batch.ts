import { FactoryError } from '../errors';
import { toDatabaseError } from '../database';
import type { MetaEvent } from '../meta';
import { BATCH_MAX_EVENTS, BATCH_MAX_IN_FLIGHT, BATCH_MAX_WAITING, BATCH_WAIT_MS } from './defaults';
import type { StoredEvent, StoreEvents } from './store';

/** One shared transaction, as it ended. */
export interface Flush {
	bodies: number;
	events: number;
	ms: number;
	ok: boolean;
}

export interface BatcherOptions {
	maxInFlight?: number;
	maxWaitMs?: number;
	maxEvents?: number;
	maxWaiting?: number;
	onFlush?(flush: Flush): void;
	/** Runs something later and answers how to call it off. */
	later?(run: () => void, ms: number): () => void;
}

export interface IngestBatcher {
	/** Stores the events of one body with those of others; answers after their commit. */
	readonly store: StoreEvents;
	/** Events that wait for a transaction. */
	readonly waiting: number;
	/** Transactions under way. */
	readonly inFlight: number;
}

interface Body {
	events: MetaEvent[];
	resolve(stored: StoredEvent[]): void;
	reject(error: unknown): void;
}

const laterByTimer = (run: () => void, ms: number): (() => void) => {
	const timer = setTimeout(run, ms);
	return () => clearTimeout(timer);
};

/**
 * Group commit: a body that finds the door idle is stored at once; those that come while a transaction is under way share the next
 * one, and wait for it `maxWaitMs` at most while there is room for another.
 */
export function createIngestBatcher(write: StoreEvents, options: BatcherOptions = {}): IngestBatcher {
	const {
		maxInFlight = BATCH_MAX_IN_FLIGHT,
		maxWaitMs = BATCH_WAIT_MS,
		maxEvents = BATCH_MAX_EVENTS,
		maxWaiting = BATCH_MAX_WAITING,
		onFlush = () => undefined,
		later = laterByTimer,
	} = options;
	let queue: Body[] = [];
	let waiting = 0;
	let inFlight = 0;
	let callOff: (() => void) | null = null;

	const flush = async (): Promise<void> => {
		callOff?.();
		callOff = null;
		const bodies = takeBodies(queue, maxEvents);
		queue = queue.slice(bodies.length);
		const events = bodies.flatMap((body) => body.events);
		waiting -= events.length;
		inFlight += 1;
		const started = performance.now();
		const ok = await writeTogether(write, bodies, events);
		inFlight -= 1;
		onFlush({ bodies: bodies.length, events: events.length, ms: performance.now() - started, ok });
		if (queue.length > 0) void flush();
	};
	const schedule = (): void => {
		if (inFlight === 0 || (waiting >= maxEvents && inFlight < maxInFlight)) return void flush();
		if (inFlight < maxInFlight) callOff ??= later(() => void flush(), maxWaitMs);
	};
	const store: StoreEvents = async (events) =>
		await new Promise((resolve, reject) => {
			if (queue.length > 0 && waiting + events.length > maxWaiting) return reject(busy(waiting));
			queue.push({ events, resolve, reject });
			waiting += events.length;
			schedule();
		});
	return {
		store,
		get waiting() {
			return waiting;
		},
		get inFlight() {
			return inFlight;
		},
	};
}

/** The bodies at the head of the queue that fit together; a big one goes alone. */
function takeBodies(queue: Body[], maxEvents: number): Body[] {
	let events = 0;
	const end = queue.findIndex((body, index) => (events += body.events.length) > maxEvents && index > 0);
	return end === -1 ? queue : queue.slice(0, end);
}

/** Settles every body. When the shared transaction is refused, each is tried alone: what one of them did is not the others' fault. */
async function writeTogether(write: StoreEvents, bodies: Body[], events: MetaEvent[]): Promise<boolean> {
	try {
		const stored = await write(events);
		let at = 0;
		for (const body of bodies) body.resolve(stored.slice(at, (at += body.events.length)));
		return true;
	} catch (error) {
		// Without a database there is nothing to try again.
		if (bodies.length === 1 || toDatabaseError(error).code === 'DATABASE_AWAY') {
			for (const body of bodies) body.reject(error);
			return false;
		}
	}
	for (const body of bodies) await write(body.events).then(body.resolve, body.reject);
	return false;
}

const busy = (waiting: number): FactoryError =>
	new FactoryError(
		'INGEST_BUSY',
		`${waiting} events wait to be stored: the database does not keep up. Meta was told to send again.`,
		{ retryable: true },
	);
