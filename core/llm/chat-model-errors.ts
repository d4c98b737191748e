import { fromProviderError } from './errors';

/** A fault in the shape of the two SDKs, for libraries that say its status elsewhere. */
class ChatModelError extends Error {
	constructor(
		readonly status: number,
		cause: unknown,
	) {
		super('The chat model failed.', { cause });
	}
}

/** How deep causes are looked for: n8n wraps what its sub-nodes throw, and so does the library. */
const MAX_DEPTH = 6;

/** LangChain's own names, where there is no status. */
const STATUS_OF_CODE: Readonly<Record<string, number>> = {
	MODEL_RATE_LIMIT: 429,
	MODEL_AUTHENTICATION: 401,
	MODEL_NOT_FOUND: 404,
};
/** What n8n and retrying libraries put around an error. */
const WRAPPERS = /^(Node(Api|Operation)Error|OperationalError|FailedAttemptError|RetryError)$/;

const field = (value: unknown, key: string): unknown =>
	typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;

const causes = (error: unknown): unknown[] => {
	const chain: unknown[] = [];
	for (let at = error; typeof at === 'object' && at !== null && chain.length < MAX_DEPTH; at = field(at, 'cause'))
		chain.push(at);
	return chain;
};

function statusOf(error: unknown): number | null {
	const told = [
		field(error, 'statusCode'),
		field(error, 'status_code'),
		field(field(error, 'response'), 'status'),
		field(field(error, '$metadata'), 'httpStatusCode'),
		field(error, 'httpCode'),
		STATUS_OF_CODE[String(field(error, 'lc_error_code'))],
	];
	const status = told.map(Number).find((one) => Number.isInteger(one) && one >= 400 && one < 600);
	return status ?? null;
}

/** What the provider threw, out of its wrappings, as `fromProviderError` reads it. */
export function providerErrorOf(error: unknown): unknown {
	const chain = causes(error);
	const exact = chain.find((one) => typeof field(one, 'status') === 'number');
	if (exact) return exact;
	const status = chain.map(statusOf).find((one) => one !== null);
	if (status !== undefined && status !== null) return new ChatModelError(status, error);
	return chain.find((one) => !WRAPPERS.test(String(field(one, 'name')))) ?? error;
}

/** Is it the request that is refused, schema and all, and not the key, the limit or the line? */
export const refusesRequest = (error: unknown, where: { provider: string; model: string }): boolean =>
	fromProviderError(error, where, 0).code === 'LLM_REQUEST';
