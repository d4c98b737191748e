import { setTimeout as delay } from 'node:timers/promises';
import { FactoryError, isFactoryError } from '../errors';
import type { SendAttempt } from './answer';
import { startDeadline } from './deadline';
import { abortedError, fromProviderError, timeoutError, type LlmErrorCode, type LlmErrorFacts } from './errors';
import { parseOutput } from './parse-output';
import { PRICES, type PriceTable } from './prices';
import { withRetry } from './retry';
import type { LlmPort, LlmRequest, LlmResult } from './types';
import { createUsageMeter, type UsageMeter } from './usage';

/** What a test replaces; each has the real thing as its default. */
export interface PortParts {
	/** Milliseconds since the epoch. */
	now?: () => number;
	/** Waits between attempts; rejects when the signal aborts. */
	sleep?: (ms: number, signal?: AbortSignal) => Promise<void>;
	/** In [0, 1), for the jitter. */
	random?: () => number;
	prices?: PriceTable;
}

/** Everything that the providers have in common: deadline, retries, parsing, usage and errors around `send`. */
export function createPort(provider: string, send: SendAttempt, parts: PortParts): LlmPort {
	const call = createCaller(provider, parts);
	return {
		provider,
		generate: async <T>(request: LlmRequest<T>) =>
			await call(request, async (signal, meter, where) => {
				const answer = await send(request, signal);
				meter.spent(answer.tokens, answer.requestId);
				return parseOutput(answer, request.schema, where);
			}),
	};
}

type CallBounds = Pick<LlmRequest<unknown>, 'model' | 'timeoutMs' | 'maxRetries' | 'signal'> & {
	/** Absent: whatever may succeed when it is tried again. */
	retryOnly?: LlmErrorCode;
};
interface Where {
	provider: string;
	model: string;
}
type Attempt<T> = (signal: AbortSignal, meter: UsageMeter, where: Where) => Promise<T>;

/** Runs a call of any kind: deadline, retries, usage and errors around its attempts. */
export function createCaller(provider: string, parts: PortParts) {
	const now = parts.now ?? Date.now;
	const retry = {
		sleep: parts.sleep ?? ((ms: number, signal?: AbortSignal) => delay(ms, undefined, { signal })),
		random: parts.random ?? Math.random,
	};
	return async <T>(bounds: CallBounds, attempt: Attempt<T>): Promise<LlmResult<T>> => {
		const where = { provider, model: bounds.model };
		const meter = createUsageMeter(provider, bounds.model, now, parts.prices ?? PRICES);
		try {
			const once = () => runAttempt(attempt, bounds, meter, where, now);
			const output = await withRetry(once, bounds.maxRetries, { ...retry, only: bounds.retryOnly }, bounds.signal);
			return { output, usage: meter.read('ok') };
		} catch (error) {
			const failure = bounds.signal?.aborted ? abortedError(where) : fromProviderError(error, where, now());
			throw withUsage(failure, meter);
		}
	};
}

async function runAttempt<T>(
	attempt: Attempt<T>,
	bounds: CallBounds,
	meter: UsageMeter,
	where: Where,
	now: () => number,
): Promise<T> {
	if (bounds.signal?.aborted) throw abortedError(where);
	meter.start();
	const deadline = startDeadline(bounds.timeoutMs, bounds.signal);
	try {
		return await attempt(deadline.signal, meter, where);
	} catch (error) {
		if (isFactoryError(error)) throw error;
		if (bounds.signal?.aborted) throw abortedError(where);
		if (deadline.timedOut()) throw timeoutError(where);
		const failure = fromProviderError(error, where, now());
		meter.failed((failure.details as LlmErrorFacts).requestId);
		throw failure;
	} finally {
		deadline.clear();
	}
}

function withUsage(error: FactoryError, meter: UsageMeter): FactoryError {
	return new FactoryError(error.code, error.message, {
		retryable: error.retryable,
		retryAfterMs: error.retryAfterMs,
		item: error.item,
		details: { ...(error.details as LlmErrorFacts), usage: meter.read(error.code) },
		cause: error.cause,
	});
}
