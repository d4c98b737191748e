import { GRAPH_ERROR_TEXT_MAX_CHARS } from './defaults';
import type { GraphErrorClass } from './error-table';
import { classifyGraphError, type NetworkError } from './errors';
import { parseBody } from './parse';
import { asRecord, isRecord, readErrorCode, readText, type Json } from './read';

export type FetchLike = typeof globalThis.fetch;

/** What is known of a failed call; holds neither token nor message text. */
export interface GraphFailure {
	httpStatus: number | null;
	code: number | null;
	subcode: number | null;
	message: string;
	fbtraceId: string | null;
	retryAfterMs: number | null;
	networkError: NetworkError | null;
}

export interface GraphFailed {
	ok: false;
	failure: GraphFailure;
	class: GraphErrorClass;
}

export type GraphResult = { ok: true; data: Json } | GraphFailed;

export interface GraphCall {
	method: 'GET' | 'POST';
	url: string;
	token: string;
	body?: Json;
	signal?: AbortSignal;
}

/** One HTTP call to Graph. Does not throw: a network fault is a result too. */
export async function callGraph(fetch: FetchLike, timeoutMs: number, call: GraphCall): Promise<GraphResult> {
	if (call.signal?.aborted) return failed({ networkError: 'refused', message: 'cancelled before sending' });
	const timeout = AbortSignal.timeout(timeoutMs);
	try {
		const response = await fetch(call.url, {
			method: call.method,
			headers: {
				authorization: `Bearer ${call.token}`,
				...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
			},
			body: call.body === undefined ? undefined : JSON.stringify(call.body),
			// A redirect would carry the token to another place.
			redirect: 'manual',
			signal: call.signal === undefined ? timeout : AbortSignal.any([timeout, call.signal]),
		});
		const data = readJson(Buffer.from(await response.arrayBuffer()));
		if (response.ok && data !== null && data.error === undefined) return { ok: true, data };
		return failed(failureOf(response, data, call.token));
	} catch (error) {
		const networkError = timeout.aborted ? 'timeout' : networkErrorOf(error);
		return failed({ networkError, message: `network: ${networkError}` });
	}
}

/** Big ids stay exact, as in webhook bodies. */
function readJson(raw: Buffer): Json | null {
	const parsed = parseBody(raw);
	return parsed.ok && isRecord(parsed.body) ? parsed.body : null;
}

export function failed(known: Partial<GraphFailure>): GraphFailed {
	const failure: GraphFailure = {
		httpStatus: null,
		code: null,
		subcode: null,
		message: '',
		fbtraceId: null,
		retryAfterMs: null,
		networkError: null,
		...known,
	};
	return { ok: false, failure, class: classifyGraphError(failure) };
}

function failureOf(response: Response, data: Json | null, token: string): Partial<GraphFailure> {
	const error = asRecord(data?.error);
	const details = readText(asRecord(error.error_data).details);
	const text = readText(error.message) ?? `HTTP ${response.status} without a Graph error`;
	const message = details === null || text.includes(details) ? text : `${text} (${details})`;
	return {
		httpStatus: response.status,
		code: readErrorCode(error.code),
		subcode: readErrorCode(error.error_subcode),
		// Graph repeats a malformed token in its message.
		message: message.replaceAll(token || '\0', '[token]').slice(0, GRAPH_ERROR_TEXT_MAX_CHARS),
		fbtraceId: readText(error.fbtrace_id),
		retryAfterMs: retryAfterOf(response.headers),
	};
}

/** Retry-After in seconds, or the minutes until the account may call again. */
function retryAfterOf(headers: Headers): number | null {
	const seconds = Number(headers.get('retry-after') ?? NaN);
	if (seconds > 0) return seconds * 1000;
	const usage = headers.get('x-business-use-case-usage') ?? '';
	const minutes = [...usage.matchAll(/"estimated_time_to_regain_access"\s*:\s*(\d+)/g)].map((match) =>
		Number(match[1]),
	);
	const longest = Math.max(0, ...minutes);
	return longest > 0 ? longest * 60_000 : null;
}

/** Faults before the first byte of the request left: sending again cannot duplicate. */
const NOT_SENT = new Set([
	'ECONNREFUSED',
	'ENOTFOUND',
	'EAI_AGAIN',
	'EHOSTUNREACH',
	'ENETUNREACH',
	'EADDRNOTAVAIL',
	'UND_ERR_CONNECT_TIMEOUT',
	'ERR_INVALID_URL',
	'ERR_TLS_CERT_ALTNAME_INVALID',
	'CERT_HAS_EXPIRED',
	'DEPTH_ZERO_SELF_SIGNED_CERT',
	'SELF_SIGNED_CERT_IN_CHAIN',
	'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
	'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
]);
const TIMED_OUT = new Set(['ETIMEDOUT', 'UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT']);
const CUT_OFF = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']);

/** Tells from a thrown fetch whether Meta can have seen the request. When in doubt, it can. */
export function networkErrorOf(error: unknown): NetworkError {
	for (let cause: unknown = error; isErrorLike(cause); cause = cause.cause) {
		const { code, syscall, errors, name } = cause;
		// One name with several addresses: refused only if all of them were.
		if (Array.isArray(errors) && errors.length > 0) {
			return errors.every((one) => networkErrorOf(one) === 'refused') ? 'refused' : 'other';
		}
		if (typeof code === 'string') {
			if (NOT_SENT.has(code) || (code === 'ETIMEDOUT' && syscall === 'connect')) return 'refused';
			if (TIMED_OUT.has(code)) return 'timeout';
			if (CUT_OFF.has(code)) return 'reset';
		}
		if (name === 'TimeoutError') return 'timeout';
	}
	return 'other';
}

const isErrorLike = (
	value: unknown,
): value is { code?: unknown; syscall?: unknown; errors?: unknown; name?: unknown; cause?: unknown } =>
	typeof value === 'object' && value !== null;
