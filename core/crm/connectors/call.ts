import { FactoryError, isFactoryError } from '../../errors';
import type { HttpCall, HttpResult } from '../../http';
import { BUSY_WAIT_SECONDS, CALL_TIMEOUT_MS, MAX_BUSY_SECONDS } from './defaults';

export interface CrmCall {
	/** What is being done, for the message of an error. */
	what: string;
	method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
	path: string;
	query?: Record<string, string | number | undefined>;
	body?: unknown;
	/** 404 is an answer: null. */
	mayBeAbsent?: boolean;
}

export interface CrmServer {
	name: string;
	integrationId: string;
	baseUrl: string;
	allowLocal: boolean;
	/** How the token travels; neither header nor query is ever part of an error. */
	headers: Record<string, string>;
	secretQuery?: Record<string, string>;
}

/** One call to a CRM. What went wrong is told by status and by what was being done, never by the CRM's words: they may quote the customer's. */
export async function callCrm(request: HttpCall, server: CrmServer, call: CrmCall): Promise<unknown> {
	const url = new URL(`${server.baseUrl.replace(/\/+$/, '')}${call.path}`);
	for (const [name, value] of Object.entries({ ...call.query, ...server.secretQuery }))
		if (value !== undefined) url.searchParams.set(name, String(value));
	const result = await request(url.href, {
		method: call.method,
		headers: {
			accept: 'application/json',
			...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
			...server.headers,
		},
		body: call.body === undefined ? undefined : Buffer.from(JSON.stringify(call.body)),
		timeoutMs: CALL_TIMEOUT_MS,
		allowLocal: server.allowLocal,
	});
	if (!('status' in result)) throw unreached(server, call, result);
	if (result.status >= 200 && result.status < 300) return readJson(server, call, result.body);
	if (result.status === 404 && call.mayBeAbsent) return null;
	throw answered(server, call, result);
}

/** What a CRM that took nothing says: after any other failure of a create the outcome is unknown. */
export const WAS_NOT_DONE = ['CRM_REFUSED', 'CRM_BUSY', 'CRM_TOKEN_REFUSED', 'CRM_ADDRESS_REFUSED', 'CRM_NOT_SENT'];

function unreached(server: CrmServer, call: CrmCall, result: Exclude<HttpResult, { status: number }>): FactoryError {
	if ('refused' in result)
		return new FactoryError(
			'CRM_ADDRESS_REFUSED',
			`The address of ${server.name} may not be called: ${result.refused}. Correct the Base URL of the connection.`,
			{ item: server.integrationId },
		);
	const why = `${server.name} gave no answer (${result.failed}) while ${call.what}. It is tried again.`;
	const options = { retryable: true, item: server.integrationId };
	return result.sent ? new FactoryError('CRM_AWAY', why, options) : new FactoryError('CRM_NOT_SENT', why, options);
}

function answered(
	server: CrmServer,
	call: CrmCall,
	{ status, headers }: Extract<HttpResult, { status: number }>,
): FactoryError {
	const item = server.integrationId;
	if (status === 401 || status === 402 || status === 403)
		return new FactoryError(
			'CRM_TOKEN_REFUSED',
			`${server.name} refused the token while ${call.what} (HTTP ${status}): ${TOKEN_PROBLEM[status]}. Save a valid one with CRM Connector > Connect; the work waits for it.`,
			{ item, details: [{ path: 'status', message: String(status) }] },
		);
	if (status === 429)
		return new FactoryError('CRM_BUSY', `${server.name} asks for patience (HTTP 429). The work goes on by itself.`, {
			retryable: true,
			retryAfterMs: waitOf(headers) * 1_000,
			item,
		});
	if (status >= 500 || status === 408)
		return new FactoryError(
			'CRM_AWAY',
			`${server.name} failed while ${call.what} (HTTP ${status}). It is tried again.`,
			{ retryable: true, item },
		);
	return new FactoryError(
		'CRM_REFUSED',
		`${server.name} refused ${call.what} (HTTP ${status}). Look whether the mapped stages, the pipeline and the owner still exist there (CRM Connector > Get Remote Stages), correct them and requeue the job.`,
		{ item, details: [{ path: 'status', message: String(status) }] },
	);
}

/** The token is not known (HTTP 401): one that ended by itself can be renewed. */
export const isNotKnown = (error: unknown): boolean =>
	isFactoryError(error) &&
	error.code === 'CRM_TOKEN_REFUSED' &&
	(error.details as Array<{ message: string }> | undefined)?.[0]?.message === '401';

const TOKEN_PROBLEM: Record<number, string> = {
	401: 'it is not valid or was withdrawn',
	402: 'the account is not paid or the plan has no API',
	403: 'its user may not do this',
};

/** Seconds: Retry-After, or the reset that Pipedrive gives as seconds from now. */
function waitOf(headers: Record<string, string>): number {
	const told = [headers['retry-after'], headers['x-ratelimit-reset']]
		.map(Number)
		.find((n) => Number.isFinite(n) && n > 0);
	return Math.min(told ?? BUSY_WAIT_SECONDS, MAX_BUSY_SECONDS);
}

function readJson(server: CrmServer, call: CrmCall, body: string): unknown {
	if (body.trim() === '') return {};
	try {
		return JSON.parse(body) as unknown;
	} catch {
		// A proxy's page with status 200: what became of the request nobody knows.
		throw new FactoryError('CRM_AWAY', `${server.name} answered no JSON while ${call.what}. It is tried again.`, {
			retryable: true,
			item: server.integrationId,
		});
	}
}
