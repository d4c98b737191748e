import { lookup as systemLookup } from 'node:dns';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { setTimeout as wait } from 'node:timers/promises';
import { FactoryError } from '../../errors';
import { publicLookup, urlProblem, type Resolve } from '../../notifications';
import { MAX_ANSWER_BYTES, SERVICE_TIMEOUT_MS } from './defaults';

export interface ServiceCall {
	method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
	url: string;
	headers?: Record<string, string>;
	/** One of the two at most. */
	json?: unknown;
	form?: Record<string, string>;
	/** Plain http and local addresses are fine: a service of one's own, or development. */
	allowLocal?: boolean;
	timeoutMs?: number;
}

export interface ServiceAnswer {
	status: number;
	/** The parsed JSON; empty where the answer is none. */
	body: Record<string, unknown>;
	retryAfterMs: number | null;
}

/** One HTTP call to a service that a tenant connected. Throws SERVICE_AWAY without an answer; any status is an answer. */
export type CallService = (call: ServiceCall) => Promise<ServiceAnswer>;

/** Whether the service may have taken a call that ended with this error. */
export const maybeTaken = (error: unknown): boolean =>
	error instanceof FactoryError && (error.details as { sent?: boolean } | undefined)?.sent === true;

const NOT_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'NOT_PUBLIC']);

function bodyOf(call: ServiceCall): { body: Buffer; type: Record<string, string> } {
	if (call.form)
		return {
			body: Buffer.from(new URLSearchParams(call.form).toString()),
			type: { 'content-type': 'application/x-www-form-urlencoded' },
		};
	if (call.json === undefined) return { body: Buffer.alloc(0), type: {} };
	return { body: Buffer.from(JSON.stringify(call.json)), type: { 'content-type': 'application/json' } };
}

function parsed(bytes: Buffer): Record<string, unknown> {
	try {
		const value: unknown = JSON.parse(bytes.toString('utf8'));
		return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
	} catch {
		return {};
	}
}

function retryAfterOf(header: string | undefined, date: string | undefined): number | null {
	if (!header) return null;
	const seconds = Number(header);
	if (Number.isFinite(seconds)) return Math.max(0, seconds * 1_000);
	const wait = Date.parse(header) - Date.parse(date ?? '');
	return Number.isFinite(wait) ? Math.max(0, wait) : null;
}

/** Follows no redirect: it would carry the token to another place. The address is judged where the connection is made. */
export const createCallService =
	(resolveName: Resolve): CallService =>
	async (call) => {
		const allowLocal = call.allowLocal ?? false;
		const problem = urlProblem(call.url, allowLocal);
		const host = URL.canParse(call.url) ? new URL(call.url).host : 'the service';
		if (problem) {
			throw new FactoryError(
				'SERVICE_ADDRESS_REFUSED',
				`The address of the service is not called: ${problem}. Correct the base URL, or allow local addresses if the service is yours.`,
				{ item: host },
			);
		}
		const { body, type } = bodyOf(call);
		const send = new URL(call.url).protocol === 'https:' ? httpsRequest : httpRequest;
		return await new Promise<ServiceAnswer>((resolve, reject) => {
			const away = (code: string): void =>
				reject(
					new FactoryError('SERVICE_AWAY', `${host} did not answer (${code}). It is tried again later.`, {
						retryable: true,
						item: host,
						details: { sent: !NOT_SENT.has(code) },
					}),
				);
			const request = send(call.url, {
				method: call.method,
				headers: { accept: 'application/json', ...type, ...call.headers, 'content-length': String(body.length) },
				agent: false,
				signal: AbortSignal.timeout(call.timeoutMs ?? SERVICE_TIMEOUT_MS),
				...(allowLocal ? {} : { lookup: publicLookup(resolveName) }),
			});
			request.on('response', (response) => {
				const chunks: Buffer[] = [];
				let size = 0;
				response.on('data', (chunk: Buffer) => {
					size += chunk.length;
					if (size > MAX_ANSWER_BYTES) request.destroy(Object.assign(new URIError('too large'), { code: 'TOO_LARGE' }));
					else chunks.push(chunk);
				});
				response.on('error', (error: NodeJS.ErrnoException) => away(error.code ?? 'cut off'));
				response.on('end', () =>
					resolve({
						status: response.statusCode ?? 0,
						body: parsed(Buffer.concat(chunks)),
						retryAfterMs: retryAfterOf(response.headers['retry-after'], response.headers.date),
					}),
				);
			});
			request.on('error', (error: NodeJS.ErrnoException) =>
				away(error.name === 'AbortError' || error.name === 'TimeoutError' ? 'time-out' : (error.code ?? 'network')),
			);
			request.end(body);
		});
	};

export const callService = createCallService(systemLookup);

/** What an answer other than success means, in the same words for every service. */
export function serviceError(service: string, answer: ServiceAnswer, said = ''): FactoryError {
	const why = said ? ` It said: ${said.slice(0, 200)}` : '';
	if (answer.status === 401)
		return new FactoryError(
			'SERVICE_UNAUTHORIZED',
			`${service} refuses the token: it was revoked or has expired. Connect the account again.`,
			{ item: service },
		);
	if (answer.status === 403)
		return new FactoryError(
			'SERVICE_FORBIDDEN',
			`${service} knows the account, but it may not do this. Connect again and grant every permission that is asked for.${why}`,
			{ item: service },
		);
	if (answer.status === 429)
		return new FactoryError('SERVICE_BUSY', `${service} has had too many calls for now. It is tried again later.`, {
			retryable: true,
			item: service,
			retryAfterMs: answer.retryAfterMs ?? undefined,
		});
	if (answer.status >= 500)
		return new FactoryError('SERVICE_AWAY', `${service} fails (HTTP ${answer.status}). It is tried again later.`, {
			retryable: true,
			item: service,
			details: { sent: true },
		});
	return new FactoryError('SERVICE_REFUSED', `${service} refused the call (HTTP ${answer.status}).${why}`, {
		item: service,
		details: { status: answer.status },
	});
}

/** Waits without keeping the process alive. */
export const pause = async (milliseconds: number): Promise<void> =>
	void (await wait(milliseconds, null, { ref: false }));
