import { FactoryError } from '../errors';

export type LlmErrorCode =
	| 'LLM_RATE_LIMITED'
	| 'LLM_OVERLOADED'
	| 'LLM_TIMEOUT'
	| 'LLM_UNAVAILABLE'
	| 'LLM_INVALID_OUTPUT'
	| 'LLM_REFUSED'
	| 'LLM_AUTH'
	| 'LLM_REQUEST'
	| 'LLM_ABORTED';

/** May the same turn succeed later without anybody changing anything? */
const RETRYABLE: Readonly<Record<LlmErrorCode, boolean>> = {
	LLM_RATE_LIMITED: true,
	LLM_OVERLOADED: true,
	LLM_TIMEOUT: true,
	LLM_UNAVAILABLE: true,
	LLM_INVALID_OUTPUT: true,
	LLM_REFUSED: false,
	LLM_AUTH: false,
	LLM_REQUEST: false,
	LLM_ABORTED: true,
};

/** Facts for logs. Never the prompt, the answer or the provider's own sentence, which may quote either (or the key). */
export interface LlmErrorFacts {
	status?: number;
	/** The provider's own name for the error, e.g. overloaded_error. */
	providerCode?: string;
	requestId?: string;
	/** A system error code such as ECONNREFUSED, or why an answer is invalid. */
	reason?: string;
	/** Fields of the answer that do not fit the schema. */
	fields?: string[];
}

export function llmError(
	code: LlmErrorCode,
	message: string,
	facts: LlmErrorFacts = {},
	options: { retryAfterMs?: number; item?: string; cause?: unknown } = {},
): FactoryError {
	return new FactoryError(code, message, { ...options, retryable: RETRYABLE[code], details: facts });
}

/** What both SDKs attach to an error that came with an HTTP status. */
interface SdkError {
	status?: unknown;
	headers?: unknown;
	error?: unknown;
	code?: unknown;
	requestID?: unknown;
}

/** Turns what an SDK threw into a FactoryError. `nowMs` is for a `retry-after` given as a date. */
export function fromProviderError(
	error: unknown,
	where: { provider: string; model: string },
	nowMs: number,
): FactoryError {
	if (error instanceof FactoryError) return error;
	const sdk = (typeof error === 'object' && error !== null ? error : {}) as SdkError;
	if (typeof sdk.status === 'number') return fromStatus(sdk, sdk.status, where, nowMs);
	const item = where.model;
	if (nameOf(error) === 'APIConnectionTimeoutError') return timeoutError(where);
	const reason = wireReason(error);
	if (reason) {
		const message = `${where.provider} could not be reached (${reason}). Check the base URL and the network; the turn is tried again.`;
		return llmError('LLM_UNAVAILABLE', message, { reason }, { item });
	}
	return llmError(
		'LLM_REQUEST',
		`The call to ${where.provider} could not be made. Check the credential and the model settings.`,
		{ reason: nameOf(error) },
		{ item, cause: error },
	);
}

export function timeoutError(where: { provider: string; model: string }): FactoryError {
	const message = `${where.provider} did not answer in time. The turn is tried again; raise the time-out if the model thinks long.`;
	return llmError('LLM_TIMEOUT', message, {}, { item: where.model });
}

export function abortedError(where: { provider: string; model: string }): FactoryError {
	return llmError(
		'LLM_ABORTED',
		`The call to ${where.provider} was cancelled by its caller.`,
		{},
		{ item: where.model },
	);
}

function fromStatus(
	sdk: SdkError,
	status: number,
	where: { provider: string; model: string },
	nowMs: number,
): FactoryError {
	const providerCode = providerCodeOf(sdk);
	const [code, hint] = classify(status, providerCode);
	const facts: LlmErrorFacts = { status };
	if (providerCode) facts.providerCode = providerCode;
	if (typeof sdk.requestID === 'string') facts.requestId = sdk.requestID;
	const said = providerCode ? `${status}, ${providerCode}` : `${status}`;
	return llmError(code, `${where.provider} answered ${said} for model ${where.model}. ${hint}`, facts, {
		item: where.model,
		retryAfterMs: retryAfterMs(sdk.headers, nowMs),
	});
}

/** Codes that say that the account has no money left. They come as 429 too, where waiting does not help. */
const BILLING_CODES = new Set(['insufficient_quota', 'billing_hard_limit_reached', 'billing_error']);

function classify(status: number, providerCode: string | null): [LlmErrorCode, string] {
	if (status === 402 || (providerCode !== null && BILLING_CODES.has(providerCode))) {
		return ['LLM_AUTH', 'The account has no credit left or its billing is blocked: top it up at the provider.'];
	}
	if (status === 401 || status === 403) return ['LLM_AUTH', 'Check the API key of the credential and what it may use.'];
	if (status === 429) return ['LLM_RATE_LIMITED', 'The rate limit of the account is reached; the turn is tried again.'];
	if (status === 529 || status === 503)
		return ['LLM_OVERLOADED', 'The provider is overloaded; the turn is tried again.'];
	if (status === 408) return ['LLM_TIMEOUT', 'The provider gave up waiting; the turn is tried again.'];
	if (status === 409 || status >= 500) return ['LLM_UNAVAILABLE', 'The provider has a fault; the turn is tried again.'];
	if (status === 404) return ['LLM_REQUEST', 'Check the name of the model and the base URL.'];
	return ['LLM_REQUEST', 'The provider refuses this request: check the model settings of the agent.'];
}

function providerCodeOf(sdk: SdkError): string | null {
	if (typeof sdk.code === 'string') return sdk.code;
	// Anthropic wraps its error once more: {type: 'error', error: {type}}.
	const body = field(sdk.error, 'error') ?? sdk.error;
	const type = field(body, 'type');
	return typeof type === 'string' ? type : null;
}

/** `retry-after-ms`, or `retry-after` in seconds or as a date. */
function retryAfterMs(headers: unknown, nowMs: number): number | undefined {
	if (!hasGet(headers)) return undefined;
	const exact = Number.parseFloat(headers.get('retry-after-ms') ?? '');
	if (Number.isFinite(exact)) return Math.max(0, exact);
	const header = headers.get('retry-after');
	if (!header) return undefined;
	const wait = /^\d+(\.\d+)?$/.test(header) ? Number(header) * 1000 : Date.parse(header) - nowMs;
	return Number.isFinite(wait) ? Math.max(0, wait) : undefined;
}

/** Why the wire failed, or null where the error is not about the wire. By shape: a fetch may come from another realm. */
function wireReason(error: unknown): string | null {
	for (
		let current = error, depth = 0;
		current !== undefined && depth < 5;
		current = field(current, 'cause'), depth += 1
	) {
		const code = field(current, 'code');
		// ERR_ codes are Node's for a bad argument such as an invalid URL: trying again mends nothing.
		if (typeof code === 'string' && !code.startsWith('ERR_')) return code;
	}
	const name = nameOf(error);
	// A body that breaks off is a TypeError of fetch, one that is not JSON a SyntaxError.
	if (name === 'SyntaxError' || field(error, 'message') === 'terminated') return name;
	return name === 'APIConnectionError' ? name : null;
}

function nameOf(error: unknown): string {
	const name = typeof error === 'object' && error !== null ? error.constructor?.name : undefined;
	return name ?? typeof error;
}

/** Headers of whichever fetch is in use. */
function hasGet(value: unknown): value is { get(name: string): string | null } {
	return typeof field(value, 'get') === 'function';
}

function field(value: unknown, key: string): unknown {
	return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
}
