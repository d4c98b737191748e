import { createHmac, timingSafeEqual } from 'node:crypto';
import { FactoryError } from '../errors';
import { MAX_WEBHOOK_BYTES, SECRET_BYTES, TOLERANCE_SECONDS } from './defaults';

/** The three headers of the Standard Webhooks specification. */
export type WebhookHeaders = Record<'webhook-id' | 'webhook-timestamp' | 'webhook-signature', string>;

export type WebhookVerdict =
	| { ok: true; id: string }
	| { ok: false; reason: 'missing' | 'malformed' | 'too_old' | 'too_new' | 'mismatch' | 'too_large' };

const PREFIX = 'whsec_';
const VERSION = 'v1';
const ID = /^[\x21-\x7e]{1,150}$/;

/** A new signing secret as people copy it: `whsec_` and base64. */
export const newSecret = (randomBytes: (size: number) => Buffer): string =>
	`${PREFIX}${randomBytes(SECRET_BYTES).toString('base64')}`;

function keyOf(secret: string): Buffer {
	const key = Buffer.from(secret.trim().replace(PREFIX, ''), 'base64');
	if (key.length >= SECRET_BYTES) return key;
	throw new FactoryError(
		'WEBHOOK_SECRET_INVALID',
		`A webhook secret is "${PREFIX}" and at least ${SECRET_BYTES} bytes in base64; this one has ${key.length}. Leave the field empty to have one made.`,
	);
}

/** Refuses a secret that could not sign. */
export const checkSecret = (secret: string): string => {
	keyOf(secret);
	return secret.trim();
};

const digest = (key: Buffer, id: string, timestamp: string, body: Buffer): Buffer =>
	createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest();

/** The headers to send with `body`: a signature a secret, so that a receiver may know either. `now` in milliseconds. */
export function signWebhook(secrets: readonly string[], id: string, now: number, body: Buffer): WebhookHeaders {
	const timestamp = String(Math.floor(now / 1000));
	return {
		'webhook-id': id,
		'webhook-timestamp': timestamp,
		'webhook-signature': secrets
			.map((secret) => `${VERSION},${digest(keyOf(secret), id, timestamp, body).toString('base64')}`)
			.join(' '),
	};
}

/** Checks the bytes as received against every secret, each in constant time. Header names in any case. */
export function verifyWebhook(
	secrets: readonly string[],
	headers: Readonly<Record<string, unknown>>,
	body: Buffer,
	now: number,
): WebhookVerdict {
	const read = (name: string): string => {
		const value = Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1];
		return typeof value === 'string' ? value.trim() : '';
	};
	const [id, timestamp, signatures] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map(read);
	if (!id || !timestamp || !signatures) return { ok: false, reason: 'missing' };
	if (!ID.test(id) || !/^\d{1,12}$/.test(timestamp)) return { ok: false, reason: 'malformed' };
	if (body.length > MAX_WEBHOOK_BYTES) return { ok: false, reason: 'too_large' };
	const age = now / 1000 - Number(timestamp);
	if (age > TOLERANCE_SECONDS) return { ok: false, reason: 'too_old' };
	if (age < -TOLERANCE_SECONDS) return { ok: false, reason: 'too_new' };
	const given = signatures
		.split(' ')
		.slice(0, 10)
		.filter((signature) => signature.startsWith(`${VERSION},`))
		.map((signature) => Buffer.from(signature.slice(VERSION.length + 1), 'base64'));
	let matches = false;
	for (const secret of secrets) {
		const wanted = digest(keyOf(secret), id, timestamp, body);
		for (const signature of given) {
			if (signature.length === wanted.length && timingSafeEqual(signature, wanted)) matches = true;
		}
	}
	return matches ? { ok: true, id } : { ok: false, reason: 'mismatch' };
}
