import { FactoryError } from '../../errors';
import type { HttpCall } from '../../http';
import { ANSWER_MAX_BYTES, LOCAL_HOSTS, VOICE_HOSTS, VOICE_TIMEOUT_MS } from './defaults';

export type ProviderAnswer =
	| { ok: true; body: Record<string, unknown> }
	| { ok: false; status: number | null; code: string | null; retryAfterMs: number | undefined };

export interface ProviderCall {
	method: 'GET' | 'POST';
	authorization: string;
	form?: URLSearchParams;
	json?: Record<string, unknown>;
}

function bodyOf({ form, json }: ProviderCall): { type?: string; body?: Buffer } {
	if (form) return { type: 'application/x-www-form-urlencoded', body: Buffer.from(form.toString()) };
	return json ? { type: 'application/json', body: Buffer.from(JSON.stringify(json)) } : {};
}

/** One call to a provider. A network fault is an answer without status: whether it was heard nobody knows. */
export async function callProvider(http: HttpCall, url: string, request: ProviderCall): Promise<ProviderAnswer> {
	const { type, body } = bodyOf(request);
	const result = await http(url, {
		method: request.method,
		headers: { authorization: request.authorization, ...(type ? { 'content-type': type } : {}) },
		body,
		timeoutMs: VOICE_TIMEOUT_MS,
		// A base URL on this machine was allowed when it was kept.
		allowLocal: LOCAL_HOSTS.includes(new URL(url).hostname),
		maxAnswerBytes: ANSWER_MAX_BYTES,
	});
	if (!('headers' in result)) return { ok: false, status: null, code: null, retryAfterMs: undefined };
	const said = parse(result.body);
	if (result.status >= 200 && result.status < 300) return { ok: true, body: said };
	const seconds = Number(result.headers['retry-after'] ?? NaN);
	const retryAfterMs = seconds > 0 ? seconds * 1_000 : undefined;
	return { ok: false, status: result.status, code: codeOf(said), retryAfterMs };
}

function parse(text: string): Record<string, unknown> {
	try {
		const body: unknown = JSON.parse(text);
		return typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
	} catch {
		return {};
	}
}

/** Twilio: {code: 21211}; Telnyx: {errors: [{code}]}. Never their sentences, which quote numbers. */
function codeOf(body: Record<string, unknown>): string | null {
	const errors = Array.isArray(body.errors) ? (body.errors as Array<Record<string, unknown>>) : [];
	const code = body.code ?? errors[0]?.code;
	return typeof code === 'string' || typeof code === 'number' ? String(code).slice(0, 50) : null;
}

/** Refuses a base URL that is not the provider's; a stand-in on this machine only where local addresses are allowed. */
export function providerUrl(base: string, allowLocal: boolean): string {
	let url: URL | null;
	try {
		url = new URL(base);
	} catch {
		url = null;
	}
	const host = url?.hostname ?? '';
	const known = VOICE_HOSTS.some((name) => host === name || host.endsWith(`.${name}`));
	const local = allowLocal && LOCAL_HOSTS.includes(host);
	if (!url || url.username !== '' || !((known && url.protocol === 'https:') || local)) {
		throw new FactoryError(
			'VOICE_URL_REFUSED',
			'The API base URL is not one of Twilio or Telnyx. Leave it empty, or give https://api.<region>.twilio.com.',
		);
	}
	return url.origin;
}

/** A refusal as an error that says what to do. */
export function refusal(answer: Extract<ProviderAnswer, { ok: false }>, provider: string): FactoryError {
	const { status, code, retryAfterMs } = answer;
	const said = [status, code].filter((part) => part !== null).join(', ');
	if (status === 401 || status === 403)
		return new FactoryError(
			'VOICE_CREDENTIALS_REFUSED',
			`${provider} refuses the credentials (${said}). Copy the account and its token again.`,
		);
	if (status === null || status === 429 || status >= 500)
		return new FactoryError(
			'VOICE_UNAVAILABLE',
			`${provider} does not answer (${said || 'network'}). Try again in a minute.`,
			{ retryable: true, retryAfterMs },
		);
	return new FactoryError(
		'VOICE_REQUEST_REFUSED',
		code === '21211' || code === '21214'
			? `${provider} cannot call this number (${said}). Check the number of the contact.`
			: `${provider} refuses the request (${said}). Check the numbers and what the account may call.`,
	);
}
