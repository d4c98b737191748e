import { setTimeout as wait } from 'node:timers/promises';
import { FactoryError } from '../../errors';
import { httpCall, type HttpCall } from '../../http';
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

function bodyOf(call: ServiceCall): { body?: Buffer; type: Record<string, string> } {
	if (call.form)
		return {
			body: Buffer.from(new URLSearchParams(call.form).toString()),
			type: { 'content-type': 'application/x-www-form-urlencoded' },
		};
	if (call.json === undefined) return { type: {} };
	return { body: Buffer.from(JSON.stringify(call.json)), type: { 'content-type': 'application/json' } };
}

function parsed(text: string): Record<string, unknown> {
	try {
		const value: unknown = JSON.parse(text);
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

export const createCallService =
	(http: HttpCall): CallService =>
	async (call) => {
		const { body, type } = bodyOf(call);
		const result = await http(call.url, {
			method: call.method,
			headers: { accept: 'application/json', ...type, ...call.headers },
			body,
			timeoutMs: call.timeoutMs ?? SERVICE_TIMEOUT_MS,
			allowLocal: call.allowLocal ?? false,
			maxAnswerBytes: MAX_ANSWER_BYTES,
		});
		const host = URL.canParse(call.url) ? new URL(call.url).host : 'the service';
		if ('refused' in result) {
			throw new FactoryError(
				'SERVICE_ADDRESS_REFUSED',
				`The address of the service is not called: ${result.refused}. Correct the base URL, or allow local addresses if the service is yours.`,
				{ item: host },
			);
		}
		if ('failed' in result) {
			throw new FactoryError('SERVICE_AWAY', `${host} did not answer (${result.failed}). It is tried again later.`, {
				retryable: true,
				item: host,
				details: { sent: result.sent },
			});
		}
		const { status, headers } = result;
		return { status, body: parsed(result.body), retryAfterMs: retryAfterOf(headers['retry-after'], headers.date) };
	};

export const callService = createCallService(httpCall);

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
