import { BACKOFF, RETRY_AFTER_MAX_MS } from './defaults';
import { CODE_NAMES, CODE_RANGES, ERROR_CLASSES, type GraphErrorClass, type GraphErrorName } from './error-table';

export type NetworkError = 'timeout' | 'reset' | 'refused' | 'other';

/** What is known of a failed call. For a failed status pass httpStatus 400: Meta has decided, an unlisted code is final. */
export interface GraphFault {
	httpStatus: number | null;
	code: number | null;
	subcode?: number | null;
	retryAfterMs?: number | null;
	networkError?: NetworkError | null;
}

/** Places a fault in the table: what the outbox does, whether sending again is safe, and what a person should do. */
export function classifyGraphError(fault: GraphFault): GraphErrorClass {
	const found: GraphErrorClass = ERROR_CLASSES[nameOf(fault)];
	const asked = fault.retryAfterMs ?? null;
	if (!found.retryable || found.delayMs === null || asked === null || !(asked > 0)) return { ...found };
	const retryAfterMs = Math.min(asked, RETRY_AFTER_MAX_MS);
	return { ...found, delayMs: Math.max(found.delayMs, retryAfterMs), retryAfterMs };
}

function nameOf({ httpStatus, code, subcode, networkError }: GraphFault): GraphErrorName {
	if (networkError) return networkError === 'refused' ? 'connection_failed' : 'outcome_unknown';
	const listed = nameOfCode(code, subcode ?? null);
	if (listed !== null) return listed;
	if (httpStatus === 429) return 'call_rate_limit';
	return httpStatus !== null && httpStatus >= 400 && httpStatus < 500 ? 'rejected' : 'outcome_unknown';
}

function nameOfCode(code: number | null, subcode: number | null): GraphErrorName | null {
	if (code === 100 && subcode === 33) return 'object_not_found';
	const bySubcode = subcode === null ? undefined : CODE_NAMES[subcode];
	// A small subcode is a number of its own series, not a code of the table.
	if (bySubcode !== undefined && subcode !== null && subcode > 1_000_000) return bySubcode;
	if (code === null) return null;
	return CODE_NAMES[code] ?? CODE_RANGES.find(({ from, to }) => code >= from && code <= to)?.name ?? null;
}

/**
 * The wait before the next try. `attempt` counts the tries that failed so far, from 1. A pair waits Meta's 4^n seconds, everything else
 * doubles with equal jitter (half fixed, half random) up to a cap. `random` gives [0, 1).
 */
export function backoffMs(errorClass: GraphErrorClass, attempt: number, random: () => number): number {
	const base = errorClass.delayMs ?? 0;
	const failed = Math.max(1, Math.floor(Number.isFinite(attempt) ? attempt : 1));
	const floor = errorClass.retryAfterMs ?? 0;
	if (errorClass.action === 'retry_pair') {
		const wait = Math.min(BACKOFF.pairMs * BACKOFF.pairFactor ** (failed - 1), BACKOFF.pairCapMs);
		return Math.max(wait, floor);
	}
	const wait = Math.min(base * 2 ** (failed - 1), Math.max(base, BACKOFF.capMs));
	return Math.max(Math.round(wait / 2 + (wait / 2) * random()), floor);
}
