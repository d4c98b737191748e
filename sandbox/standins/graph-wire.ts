import { createHash, randomBytes } from 'node:crypto';

import { signBody } from '../../core/meta';

/** JSON as Meta writes it: slashes and everything outside ASCII escaped, hex in lower case. The signature covers these bytes. */
export function metaJson(value: unknown): Buffer {
	const text = JSON.stringify(value)
		.replace(/\//g, '\\/')
		.replace(/[\u007f-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
	return Buffer.from(text, 'ascii');
}

export interface SignedPost {
	url: string;
	appSecret: string;
	body: Buffer;
	timeoutMs: number;
	signal?: AbortSignal;
}

/** Posts a webhook body as Meta does and gives the HTTP status of the answer. Throws when there is none. */
export async function postSigned(post: SignedPost): Promise<number> {
	const timeout = AbortSignal.timeout(post.timeoutMs);
	const response = await fetch(post.url, {
		method: 'POST',
		headers: {
			'content-type': 'application/json',
			'user-agent': 'facebookexternalua',
			'x-hub-signature-256': signBody(post.body, post.appSecret),
		},
		body: new Uint8Array(post.body),
		signal: post.signal ? AbortSignal.any([post.signal, timeout]) : timeout,
	});
	await response.arrayBuffer();
	return response.status;
}

/** A fresh message id of the shape WhatsApp uses. */
export function newWamid(phone: string): string {
	const bytes = Buffer.concat([Buffer.from([0x1c, 0x18, phone.length]), Buffer.from(phone, 'ascii'), randomBytes(14)]);
	return `wamid.${bytes.toString('base64')}`;
}

/** The business-scoped user id of a phone number: the same for one number and person each time, another for another business. */
export function bsuidOf(phoneNumberId: string, phone: string): string {
	const country = phone.startsWith('55') ? 'BR' : 'US';
	const digest = createHash('sha256').update(`${phoneNumberId}:${phone}`).digest();
	const digits = digest.readBigUInt64BE(0).toString().padStart(20, '0');
	return `${country}.${digits}`;
}

export const digitsOf = (value: string): string => value.replace(/\D/g, '');

/** Meta writes message times as a string of whole seconds. */
export const unixSeconds = (at: Date): string => String(Math.floor(at.getTime() / 1000));

/** A made-up number for an id that nobody gave one. */
export const displayPhoneOf = (phoneNumberId: string): string =>
	`1555${digitsOf(phoneNumberId).padStart(7, '0').slice(-7)}`;

/** A made-up WhatsApp Business Account for a number that nobody gave one. */
export const defaultWabaId = (phoneNumberId: string): string => `1${phoneNumberId}`;
