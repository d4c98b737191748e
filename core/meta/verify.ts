import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

export type SignatureVerdict =
	{ ok: true; secretIndex: number } | { ok: false; reason: 'missing' | 'malformed' | 'mismatch' };

export type ChallengeVerdict = { ok: true; challenge: string } | { ok: false };

const HEADER = /^sha256=([0-9a-fA-F]{64})$/;

const digest = (rawBody: Buffer, secret: string): Buffer => createHmac('sha256', secret).update(rawBody).digest();

/**
 * Checks `X-Hub-Signature-256` over the bytes as received, against every secret in constant time: the Facebook app, the
 * Instagram app, a second app and the previous secret of a rotation may all sign for one URL.
 */
export function verifySignature(
	rawBody: Buffer,
	header: string | undefined,
	secrets: readonly string[],
): SignatureVerdict {
	if (header === undefined || header === '') return { ok: false, reason: 'missing' };
	const hex = typeof header === 'string' ? HEADER.exec(header)?.[1] : undefined;
	if (hex === undefined) return { ok: false, reason: 'malformed' };
	const given = Buffer.from(hex, 'hex');
	let secretIndex = -1;
	secrets.forEach((secret, index) => {
		// An empty secret would accept what anybody can sign.
		const matches = timingSafeEqual(digest(rawBody, secret), given) && secret !== '';
		if (matches && secretIndex === -1) secretIndex = index;
	});
	return secretIndex === -1 ? { ok: false, reason: 'mismatch' } : { ok: true, secretIndex };
}

/** The header value Meta would send for this body. */
export const signBody = (rawBody: Buffer, secret: string): string =>
	`sha256=${digest(rawBody, secret).toString('hex')}`;

/** The GET handshake; proxies and PHP-like servers turn the dots of `hub.mode` into underscores. */
export function verifyChallenge(query: Record<string, unknown>, verifyToken: string): ChallengeVerdict {
	const read = (name: string): string | null => {
		const value = query[`hub.${name}`] ?? query[`hub_${name}`];
		return typeof value === 'string' && value !== '' ? value : null;
	};
	const token = read('verify_token');
	const challenge = read('challenge');
	if (read('mode') !== 'subscribe' || token === null || challenge === null || verifyToken === '') return { ok: false };
	return sameText(token, verifyToken) ? { ok: true, challenge } : { ok: false };
}

/** What a door answers to the handshake, as plain text. */
export function answerChallenge(
	query: Record<string, unknown>,
	verifyToken: string,
): { status: 200 | 403; text: string } {
	const verdict = verifyChallenge(query, verifyToken);
	return verdict.ok ? { status: 200, text: verdict.challenge } : { status: 403, text: 'verify token refused' };
}

/** Equal lengths through hashing, so that the comparison tells nothing about the token. */
function sameText(left: string, right: string): boolean {
	const hash = (text: string): Buffer => createHash('sha256').update(text).digest();
	return timingSafeEqual(hash(left), hash(right));
}
