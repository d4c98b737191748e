import type { HttpCall } from '../../http';
import type { Vault } from '../../tenancy';

export type VoiceProvider = 'twilio' | 'telnyx';
export type CallReason = 'hot' | 'missed_call' | 'requested';
export type CallStatus =
	'queued' | 'ringing' | 'in_progress' | 'completed' | 'missed' | 'busy' | 'failed' | 'cancelled';

/** What is sealed: for Twilio account and token, for Telnyx the API key and the public key of its webhooks. */
export interface VoiceSecret {
	accountSid?: string;
	secret: string;
	publicKey?: string;
	/** Of the Voice API application of Telnyx that makes calls. */
	connectionId?: string;
}

export interface VoicePorts {
	http: HttpCall;
	vault: Vault;
	/** Milliseconds since the epoch. */
	now(): number;
}

/** What a provider says of a call. */
export interface CallReport {
	providerCallId: string;
	direction: 'inbound' | 'outbound';
	status: CallStatus;
	/** Of the person outside, digits only; null where it is withheld or ours. */
	phone: string | null;
	durationSeconds: number | null;
	/** ISO 8601; null: now. */
	at: string | null;
	errorCode: string | null;
}

export const digitsOf = (text: string | null | undefined): string | null => {
	const digits = (text ?? '').replace(/\D/g, '');
	return digits.length >= 5 && digits.length <= 20 ? digits : null;
};
