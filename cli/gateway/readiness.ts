import { checkSchema, toDatabaseError, type Database } from '../../core/database';
import { READY_RETRY_MS, READY_TTL_MS } from './defaults';
import type { Log } from './log';

export interface Readiness {
	/** Does the database answer with a schema that fits? A verdict stands for a second. */
	check(): Promise<boolean>;
	/** What a request just learnt: says at once what a probe would say later. */
	saw(away: boolean, code?: string): void;
	/** Red for good. */
	drain(): void;
	readonly ready: boolean;
	close(): void;
}

/** Ready, not ready, why; each change is one line in the log. */
export function watchReadiness(database: Database, log: Log): Readiness {
	let ready = false;
	let draining = false;
	let told: string | null = null;
	let asked = { at: Number.NEGATIVE_INFINITY, verdict: Promise.resolve(false) };

	const set = (now: boolean, reason: string): void => {
		ready = now && !draining;
		if (draining || told === reason) return;
		told = reason;
		if (now) log('info', 'ready');
		else log('warn', 'not_ready', { code: reason });
	};
	const ask = async (): Promise<boolean> => {
		try {
			await checkSchema(database);
			set(true, 'ready');
		} catch (error) {
			set(false, toDatabaseError(error).code);
		}
		return ready;
	};
	const check = async (): Promise<boolean> => {
		if (draining) return false;
		if (performance.now() - asked.at >= READY_TTL_MS) asked = { at: performance.now(), verdict: ask() };
		return await asked.verdict;
	};
	const timer = setInterval(() => void (ready || check()), READY_RETRY_MS);
	timer.unref();
	return {
		check,
		saw(away, code = 'DATABASE_AWAY') {
			if (away) set(false, code);
			else if (!ready && !draining) set(true, 'ready');
		},
		drain() {
			draining = true;
			ready = false;
			clearInterval(timer);
		},
		get ready() {
			return ready;
		},
		close: () => clearInterval(timer),
	};
}
