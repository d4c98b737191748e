import { isFactoryError } from '../errors';
import { LLM_DEFAULTS } from './defaults';

export interface RetryParts {
	/** Resolves after the time, rejects when the signal aborts. */
	sleep(ms: number, signal?: AbortSignal): Promise<void>;
	/** In [0, 1). */
	random(): number;
	/** Nothing but this is tried again: somebody else sees to the rest. */
	only?: string;
}

/** Runs `attempt` until it succeeds, fails for good or has used its retries; rejects with the last error. */
export async function withRetry<T>(
	attempt: () => Promise<T>,
	maxRetries: number,
	parts: RetryParts,
	signal?: AbortSignal,
): Promise<T> {
	let invalidOutputs = 0;
	for (let retry = 0; ; retry += 1) {
		try {
			return await attempt();
		} catch (error) {
			if (isFactoryError(error) && error.code === 'LLM_INVALID_OUTPUT') invalidOutputs += 1;
			const wait = retry < maxRetries ? waitBefore(error, retry, invalidOutputs, parts) : null;
			if (wait === null) throw error;
			await parts.sleep(wait, signal);
		}
	}
}

/** Milliseconds until the next attempt, or null where there must be none. */
function waitBefore(error: unknown, retry: number, invalidOutputs: number, parts: RetryParts): number | null {
	if (!isFactoryError(error) || !error.retryable || error.code === 'LLM_ABORTED') return null;
	if (parts.only && error.code !== parts.only) return null;
	// The provider is fine and has taken its time already: ask again at once.
	if (error.code === 'LLM_INVALID_OUTPUT') return invalidOutputs > LLM_DEFAULTS.maxInvalidOutputRetries ? null : 0;
	const told = error.retryAfterMs ?? 0;
	if (told > LLM_DEFAULTS.retryAfterMaxMs) return null;
	return Math.max(told, backoffMs(retry, parts.random));
}

/** Exponential with equal jitter: at least half of the step, so that it stays a wait, the rest random. */
export function backoffMs(retry: number, random: () => number): number {
	const step = Math.min(LLM_DEFAULTS.backoffMaxMs, LLM_DEFAULTS.backoffBaseMs * 2 ** retry);
	return step / 2 + random() * (step / 2);
}
