import { setTimeout as wait } from 'node:timers/promises';
import { isFactoryError } from '../errors';
import { AWAY_WAITS_MS } from './defaults';

/**
 * Tries again while the database is away, for as long as a restart of it takes: for work under a lease, which else waits until
 * the lease ends. `work` must bear being run twice: a commit whose answer was lost looks like one that never was.
 */
export async function whileAway<T>(work: (attempt: number) => Promise<T>): Promise<T> {
	for (let attempt = 0; ; attempt++) {
		try {
			return await work(attempt);
		} catch (error) {
			const passes = isFactoryError(error) && error.retryable && error.code.startsWith('DATABASE_');
			if (!passes || attempt >= AWAY_WAITS_MS.length) throw error;
			await wait(AWAY_WAITS_MS[attempt]);
		}
	}
}
