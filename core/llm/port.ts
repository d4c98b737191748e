import { setTimeout as delay } from 'node:timers/promises';
import { FactoryError, isFactoryError } from '../errors';
import type { SendAttempt } from './answer';
import { startDeadline } from './deadline';
import { abortedError, fromProviderError, timeoutError, type LlmErrorFacts } from './errors';
import { parseOutput } from './parse-output';
import { PRICES, type PriceTable } from './prices';
import { withRetry } from './retry';
import type { LlmPort, LlmRequest } from './types';
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
	const now = parts.now ?? Date.now;
	const retry = {
		sleep: parts.sleep ?? ((ms: number, signal?: AbortSignal) => delay(ms, undefined, { signal })),
		random: parts.random ?? Math.random,
	};
	return {
		provider,
		async generate<T>(request: LlmRequest<T>) {
			const where = { provider, model: request.model };
			const meter = createUsageMeter(provider, request.model, now, parts.prices ?? PRICES);
			const attempt = () => runAttempt(send, request, meter, where, now);
			try {
				const output = await withRetry(attempt, request.maxRetries, retry, request.signal);
				return { output, usage: meter.read('ok') };
			} catch (error) {
				const failure = request.signal?.aborted ? abortedError(where) : fromProviderError(error, where, now());
				throw withUsage(failure, meter);
			}
		},
	};
}

async function runAttempt<T>(
	send: SendAttempt,
	request: LlmRequest<T>,
	meter: UsageMeter,
	where: { provider: string; model: string },
	now: () => number,
): Promise<T> {
	if (request.signal?.aborted) throw abortedError(where);
	meter.start();
	const deadline = startDeadline(request.timeoutMs, request.signal);
	try {
		const answer = await send(request, deadline.signal);
		meter.spent(answer.tokens, answer.requestId);
		return parseOutput(answer, request.schema, where);
	} catch (error) {
		if (isFactoryError(error)) throw error;
		if (request.signal?.aborted) throw abortedError(where);
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
