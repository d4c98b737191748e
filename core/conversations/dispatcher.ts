import { listenForWork, onClaim, toDatabaseError, type Database, type WorkKind } from '../database';
import { ALIVE_SHARE, CLAIM_GRACE_MS, EMIT_SPACING_MS, LEASE_SECONDS, PLACE_GRACE_MS, POLL_MS } from './defaults';
import { createBrake, createPlaces, type Place } from './places';
import { createPromises, shares } from './shares';

export type { WorkKind };

export interface DispatcherOptions {
	kind: WorkKind;
	/** Executions at once. */
	maxConcurrent: number;
	/** Milliseconds between looks when nothing wakes it. */
	pollMs?: number;
	/** Lanes one execution claims at most. */
	batchSize: number;
	/** Starts one execution that is to claim `take` lanes; resolves when it has ended, or at once in "do not wait" mode. */
	start(due: number, take: number): Promise<void>;
	/** False: `start` resolves before the work is claimed, so starts are spaced out. */
	waits: boolean;
	/** Milliseconds after which an execution must have ended or hold a lease. */
	graceMs?: number;
	onError?(error: Error): void;
	onListening?(listening: boolean, reason?: string): void;
}

interface DueWork {
	due: number;
	nextInMs: number | null;
	/** Grows with each claim, whoever makes it. */
	claims: number;
}

/** Decides when to start executions: on NOTIFY, on a timer for work that becomes due later, and on a poll as a net. */
export function startDispatcher(database: Database, options: DispatcherOptions): { close(): Promise<void> } {
	const pollMs = options.pollMs ?? POLL_MS;
	let closed = false;
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
			next = await starts.whatIsDue();
		} catch (error) {
			options.onError?.(toDatabaseError(error));
		} finally {
			looking = false;
			if (lookAgain && options.waits) void look();
			else schedule(next);
		}
	};

	const starts = createStarts(database, options, pollMs, () => void look());
	const isFor = (work: string): boolean => work === '' || work === options.kind;
	const listener = listenForWork(database, (work) => void (isFor(work) && look()), options.onListening);
	const stopHearing = onClaim(database, (work) => void (isFor(work) && starts.claimed()));
	schedule(0);
	return {
		async close() {
			closed = true;
			stopHearing();
			if (timer) clearTimeout(timer);
			await listener.close();
		},
	};
}

interface Starts {
	/** Starts what is due and not held back; answers the milliseconds until the next look. */
	whatIsDue(): Promise<number>;
	/** An execution of this process has claimed. */
	claimed(): void;
}

function createStarts(database: Database, options: DispatcherOptions, pollMs: number, onEnd: () => void): Starts {
	const places = createPlaces(options.graceMs);
	const promises = createPromises();
	const brake = createBrake();
	// An execution claims a while after its start.
	const aliveSeconds = Math.min(LEASE_SECONDS, ((options.graceMs ?? PLACE_GRACE_MS) * ALIVE_SHARE) / 1_000);
	let ended: Place[] = [];

	const run = (due: number, take: number, place: Place): void => {
		void options
			.start(due, take)
			.catch((error: Error) => options.onError?.(error))
			.finally(() => {
				places.leave(place);
				ended.push(place);
				if (options.waits) onEnd();
			});
	};

	/** A worker that was killed, or a queue that lost the job, never reports: a lease that is held is the only sign of life. */
	const giveBackLostPlaces = async (): Promise<void> => {
		const overdue = places.overdue(performance.now());
		if (overdue.length === 0) return;
		const alive = await heldLeases(database, options.kind, aliveSeconds);
		places.giveUp(overdue.slice(0, Math.max(0, overdue.length - alive)));
	};

	const whatIsDue = async (): Promise<number> => {
		const judged = ended;
		ended = [];
		const { due, nextInMs, claims } = await dueWork(database, options.kind);
		await giveBackLostPlaces();
		const now = performance.now();
		brake.judge(now, judged, claims);
		const open = due - promises.taken(now);
		const heldMs = brake.leftMs(now);
		if (heldMs > 0 && open > 0) return Math.min(pollMs, heldMs);
		for (const take of shares(options, open, options.maxConcurrent - places.count())) {
			promises.add(now, take);
			run(due, take, places.take(now, claims));
		}
		const next = Math.min(pollMs, nextInMs ?? pollMs, due > 0 ? CLAIM_GRACE_MS : pollMs);
		return !options.waits && open > 0 ? Math.max(next, EMIT_SPACING_MS) : next;
	};
	return { whatIsDue, claimed: promises.kept };
}

async function dueWork(database: Database, kind: WorkKind): Promise<DueWork> {
	// The wait is computed by the server: clocks of two machines differ.
	const { rows } = await database.pool.query<{
		turns: number;
		outbox: number;
		next_in_ms: number | null;
		claims: string;
	}>(
		`select turns, outbox, (extract(epoch from next_at - now()) * 1000)::double precision as next_in_ms, ${database.qualified}claims_made() as claims from ${database.qualified}due_work()`,
	);
	const next = rows[0].next_in_ms;
	return {
		due: kind === 'turns' ? rows[0].turns : rows[0].outbox,
		nextInMs: next === null || !Number.isFinite(next) ? null : Math.max(10, Math.ceil(next)),
		claims: Number(rows[0].claims),
	};
}

async function heldLeases(database: Database, kind: WorkKind, seconds: number): Promise<number> {
	const { rows } = await database.pool.query<{ turns: number; outbox: number }>(
		`select turns, outbox from ${database.qualified}held_leases($1::double precision)`,
		[seconds],
	);
	return kind === 'turns' ? rows[0].turns : rows[0].outbox;
}
