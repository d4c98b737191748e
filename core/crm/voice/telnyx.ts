import { createPublicKey, verify } from 'node:crypto';
import type { HttpCall } from '../../http';
import { RING_SECONDS, SIGNATURE_TOLERANCE_SECONDS, TELNYX_URL } from './defaults';
import { callProvider, type ProviderAnswer } from './http';
import { digitsOf, type CallReport, type CallStatus, type VoiceSecret } from './types';

export const telnyxBase = TELNYX_URL;

export const checkTelnyx = async (http: HttpCall, base: string, secret: VoiceSecret): Promise<ProviderAnswer> =>
	await callProvider(http, `${base}/v2/balance`, { method: 'GET', authorization: `Bearer ${secret.secret}` });

const command = async (
	http: HttpCall,
	{ baseUrl, secret }: TelnyxAccount,
	path: string,
	json: Record<string, unknown>,
): Promise<ProviderAnswer> =>
	await callProvider(http, `${baseUrl}/v2/calls${path}`, {
		...{ method: 'POST', authorization: `Bearer ${secret.secret}`, json },
	});

export interface TelnyxAccount {
	baseUrl: string;
	secret: VoiceSecret;
	/** The business' number, which both see. */
	phoneNumber: string;
	statusUrl: string;
}

/** What our commands write into every webhook of a leg, inside what Telnyx signs. */
export interface LegState {
	call: number;
	leg: 'person' | 'lead';
	/** Of the person's leg, in the webhooks of the lead's: it is hung up when the lead cannot be reached. */
	person?: string;
}
const stateText = (state: LegState): string => Buffer.from(JSON.stringify(state)).toString('base64');

export function legState(text: unknown): LegState | null {
	try {
		const state = JSON.parse(Buffer.from(String(text), 'base64').toString('utf8')) as LegState | null;
		return Number.isSafeInteger(state?.call) && ['person', 'lead'].includes(state!.leg) ? state : null;
	} catch {
		return null;
	}
}

/** Rings the person. A command id makes Telnyx take a command once, however often it is sent. */
export const dialPerson = async (
	http: HttpCall,
	account: TelnyxAccount,
	{ call, person, key }: { call: number; person: string; key: string },
): Promise<ProviderAnswer> =>
	await command(http, account, '', {
		connection_id: account.secret.connectionId,
		...{ to: person, from: account.phoneNumber, timeout_secs: RING_SECONDS },
		...{ webhook_url: account.statusUrl, webhook_url_method: 'POST' },
		...{ client_state: stateText({ call, leg: 'person' }), command_id: `${key}:dial` },
	});

/** The person has picked up: the lead is rung on the same line. */
export const transferToLead = async (
	http: HttpCall,
	account: TelnyxAccount,
	{ call, lead, person, key }: { call: number; lead: string; person: string; key: string },
): Promise<ProviderAnswer> =>
	await command(http, account, `/${encodeURIComponent(person)}/actions/transfer`, {
		...{ to: lead, from: account.phoneNumber, timeout_secs: RING_SECONDS },
		...{ webhook_url: account.statusUrl, webhook_url_method: 'POST' },
		target_leg_client_state: stateText({ call, leg: 'lead', person }),
		command_id: `${key}:transfer`,
	});

export const hangUp = async (
	http: HttpCall,
	account: TelnyxAccount,
	{ person, key }: { person: string; key: string },
): Promise<ProviderAnswer> =>
	await command(http, account, `/${encodeURIComponent(person)}/actions/hangup`, { command_id: `${key}:hangup` });

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

export interface TelnyxEvent {
	event: string;
	callControlId: string | null;
	/** Absent: not a leg of a call that we started. */
	state: LegState | null;
	/** Null where the event says nothing of how a call goes. */
	report: CallReport | null;
}

/** The body of a Call Control webhook; null where it is none. */
export function readTelnyx(rawBody: Buffer): TelnyxEvent | null {
	let body: { data?: { event_type?: unknown; occurred_at?: unknown; payload?: Record<string, unknown> } } | null;
	try {
		body = JSON.parse(rawBody.toString('utf8')) as typeof body;
	} catch {
		return null;
	}
	const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);
	const payload = body?.data?.payload ?? {};
	const event = text(body?.data?.event_type) ?? '';
	const callControlId = text(payload.call_control_id);
	const state = legState(payload.client_state);
	const providerCallId = text(payload.call_session_id) ?? callControlId;
	const ended = event === 'call.hangup';
	const status = ended ? (CAUSES[text(payload.hangup_cause) ?? ''] ?? 'failed') : STEPS[event];
	// A lead who hangs up ends nothing that the person's own leg does not tell, with what it took.
	const tells = status && !(state?.leg === 'lead' && (status === 'ringing' || status === 'completed'));
	if (!providerCallId || !tells) return { event, callControlId, state, report: null };
	const inbound = payload.direction === 'incoming';
	const seconds = ended ? secondsBetween(text(payload.start_time), text(payload.end_time)) : null;
	const report: CallReport = {
		providerCallId: providerCallId.slice(0, 200),
		direction: inbound ? 'inbound' : 'outbound',
		status,
		phone: digitsOf(text(inbound ? payload.from : payload.to)),
		durationSeconds: status === 'completed' ? seconds : null,
		at: isoOf(text(body?.data?.occurred_at)),
		errorCode: status === 'failed' ? (text(payload.hangup_cause)?.slice(0, 50) ?? 'unknown') : null,
	};
	return { event, callControlId, state, report };
}

const isoOf = (text: string | null): string | null =>
	text === null || Number.isNaN(Date.parse(text)) ? null : new Date(text).toISOString();

function secondsBetween(start: string | null, end: string | null): number | null {
	const ms = Date.parse(end ?? '') - Date.parse(start ?? '');
	return ms >= 0 ? Math.ceil(ms / 1_000) : null;
}
