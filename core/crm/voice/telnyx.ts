import { createPublicKey, verify } from 'node:crypto';
import { SIGNATURE_TOLERANCE_SECONDS, TELNYX_URL } from './defaults';
import { callProvider, type ProviderAnswer } from './http';
import { digitsOf, type CallReport, type CallStatus, type VoiceSecret } from './types';

export const telnyxBase = TELNYX_URL;

export const checkTelnyx = async (
	fetch: typeof globalThis.fetch,
	base: string,
	secret: VoiceSecret,
): Promise<ProviderAnswer> =>
	await callProvider(fetch, `${base}/v2/balance`, { method: 'GET', authorization: `Bearer ${secret.secret}` });

/** What stands before the 32 bytes of an ed25519 key in its DER form. */
const DER_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');

/** telnyx-signature-ed25519 over "<timestamp>|<body>"; older than five minutes is a replay. */
export function isFromTelnyx(
	rawBody: Buffer,
	headers: { signature: string; timestamp: string },
	publicKey: string,
	nowMs: number,
): boolean {
	const seconds = Number(headers.timestamp);
	if (!Number.isFinite(seconds) || Math.abs(nowMs / 1_000 - seconds) > SIGNATURE_TOLERANCE_SECONDS) return false;
	const raw = Buffer.from(publicKey, 'base64');
	const signature = Buffer.from(headers.signature, 'base64');
	if (raw.length !== 32 || signature.length !== 64) return false;
	const key = createPublicKey({ key: Buffer.concat([DER_PREFIX, raw]), format: 'der', type: 'spki' });
	return verify(null, Buffer.concat([Buffer.from(`${headers.timestamp}|`), rawBody]), key, signature);
}

const STEPS: Record<string, CallStatus> = {
	'call.initiated': 'ringing',
	'call.answered': 'in_progress',
	'call.bridged': 'in_progress',
};
const CAUSES: Record<string, CallStatus> = {
	normal_clearing: 'completed',
	originator_cancel: 'missed',
	timeout: 'missed',
	no_answer: 'missed',
	user_busy: 'busy',
	call_rejected: 'busy',
};

/** The body of a Call Control webhook; null where it is none that says how a call goes. */
export function readTelnyx(rawBody: Buffer): CallReport | null {
	let body: { data?: { event_type?: unknown; occurred_at?: unknown; payload?: Record<string, unknown> } } | null;
	try {
		body = JSON.parse(rawBody.toString('utf8')) as typeof body;
	} catch {
		return null;
	}
	const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);
	const payload = body?.data?.payload ?? {};
	const event = text(body?.data?.event_type) ?? '';
	const providerCallId = text(payload.call_session_id) ?? text(payload.call_control_id);
	const ended = event === 'call.hangup';
	const status = ended ? (CAUSES[text(payload.hangup_cause) ?? ''] ?? 'failed') : STEPS[event];
	if (!providerCallId || !status) return null;
	const inbound = payload.direction === 'incoming';
	const seconds = ended ? secondsBetween(text(payload.start_time), text(payload.end_time)) : null;
	return {
		providerCallId: providerCallId.slice(0, 200),
		direction: inbound ? 'inbound' : 'outbound',
		status,
		phone: digitsOf(text(inbound ? payload.from : payload.to)),
		durationSeconds: status === 'completed' ? seconds : null,
		at: isoOf(text(body?.data?.occurred_at)),
		errorCode: status === 'failed' ? (text(payload.hangup_cause)?.slice(0, 50) ?? 'unknown') : null,
	};
}

const isoOf = (text: string | null): string | null =>
	text === null || Number.isNaN(Date.parse(text)) ? null : new Date(text).toISOString();

function secondsBetween(start: string | null, end: string | null): number | null {
	const ms = Date.parse(end ?? '') - Date.parse(start ?? '');
	return ms >= 0 ? Math.ceil(ms / 1_000) : null;
}
