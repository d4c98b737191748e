import { createHmac, timingSafeEqual } from 'node:crypto';
import type { HttpCall } from '../../http';
import { RING_SECONDS, TWILIO_URL } from './defaults';
import { callProvider, type ProviderAnswer } from './http';
import { digitsOf, type CallReport, type CallStatus, type VoiceSecret } from './types';

const basic = ({ accountSid, secret }: VoiceSecret): string =>
	`Basic ${Buffer.from(`${accountSid ?? ''}:${secret}`).toString('base64')}`;

const account = (base: string, secret: VoiceSecret): string =>
	`${base}/2010-04-01/Accounts/${encodeURIComponent(secret.accountSid ?? '')}`;

export const twilioBase = TWILIO_URL;

export const checkTwilio = async (http: HttpCall, base: string, secret: VoiceSecret): Promise<ProviderAnswer> =>
	await callProvider(http, `${account(base, secret)}.json`, { method: 'GET', authorization: basic(secret) });

const xml = (text: string): string => text.replace(/[<>&'"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** Rings the person, and when they pick up, the lead, who sees the business' number. */
export const callByTwilio = async (
	http: HttpCall,
	base: string,
	secret: VoiceSecret,
	call: { person: string; lead: string; from: string; statusUrl: string },
): Promise<ProviderAnswer> => {
	const form = new URLSearchParams({
		To: call.person,
		From: call.from,
		Twiml: `<Response><Dial callerId="${xml(call.from)}" timeout="${RING_SECONDS}"><Number>${xml(call.lead)}</Number></Dial></Response>`,
		Timeout: String(RING_SECONDS),
		StatusCallback: call.statusUrl,
		StatusCallbackMethod: 'POST',
	});
	for (const event of ['initiated', 'ringing', 'answered', 'completed']) form.append('StatusCallbackEvent', event);
	return await callProvider(http, `${account(base, secret)}/Calls.json`, {
		method: 'POST',
		authorization: basic(secret),
		form,
	});
};

/** X-Twilio-Signature: HMAC-SHA1 over the address as Twilio was given it and the sorted parameters. */
export function isFromTwilio(url: string, form: URLSearchParams, signature: string, authToken: string): boolean {
	const said = [...new Set(form.keys())]
		.sort()
		.map((name) => name + [...new Set(form.getAll(name))].sort().join(''))
		.join('');
	const expected = createHmac('sha1', authToken)
		.update(url + said, 'utf8')
		.digest();
	const given = Buffer.from(signature, 'base64');
	return given.length === expected.length && timingSafeEqual(given, expected);
}

const STATUSES: Record<string, CallStatus> = {
	queued: 'queued',
	initiated: 'queued',
	ringing: 'ringing',
	'in-progress': 'in_progress',
	answered: 'in_progress',
	completed: 'completed',
	busy: 'busy',
	'no-answer': 'missed',
	failed: 'failed',
	canceled: 'cancelled',
};

/** The form of a status callback; null where it is none. */
export function readTwilio(form: URLSearchParams): CallReport | null {
	const providerCallId = form.get('CallSid');
	const status = STATUSES[form.get('CallStatus') ?? ''];
	if (!providerCallId || !status) return null;
	const inbound = form.get('Direction') === 'inbound';
	const seconds = Number(form.get('CallDuration') ?? NaN);
	const at = new Date(form.get('Timestamp') ?? '');
	return {
		providerCallId: providerCallId.slice(0, 200),
		direction: inbound ? 'inbound' : 'outbound',
		status,
		// Outbound, the other end is our own person.
		phone: inbound ? digitsOf(form.get('From')) : null,
		durationSeconds: Number.isInteger(seconds) && seconds >= 0 ? seconds : null,
		at: Number.isNaN(at.getTime()) ? null : at.toISOString(),
		errorCode: form.get('ErrorCode')?.slice(0, 50) ?? null,
	};
}
