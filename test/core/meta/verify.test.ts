import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { signBody, verifyChallenge, verifySignature } from '../../../core/meta';
import { FIXTURES } from './expectation';

interface Vector {
	name: string;
	body: string;
	header: string | null;
	secrets: string[];
	expect: { ok: boolean; secretIndex?: number; reason?: string };
}

const vectors = JSON.parse(readFileSync(join(FIXTURES, 'signatures.json'), 'utf8')) as Vector[];

describe('the signature of a body', () => {
	test.each(vectors)('$name', ({ body, header, secrets, expect: verdict }) => {
		expect(verifySignature(Buffer.from(body), header ?? undefined, secrets)).toEqual(verdict);
	});

	test.each(vectors.filter((vector) => vector.expect.ok))('signing gives the header back: $name', (vector) => {
		const secret = vector.secrets[vector.expect.secretIndex ?? 0] ?? '';
		expect(signBody(Buffer.from(vector.body), secret)).toBe(vector.header?.toLowerCase());
	});

	test('a header that is a list is malformed', () => {
		const header = ['sha256=00', 'sha256=11'] as unknown as string;
		expect(verifySignature(Buffer.from('{}'), header, ['s'])).toEqual({ ok: false, reason: 'malformed' });
	});
});

describe('the handshake', () => {
	const good = { 'hub.mode': 'subscribe', 'hub.challenge': '1158201444', 'hub.verify_token': 'token-a' };
	const accepted = { ok: true, challenge: '1158201444' };
	test.each<[string, Record<string, unknown>, string, unknown]>([
		['dots', good, 'token-a', accepted],
		[
			'underscores',
			{ hub_mode: 'subscribe', hub_challenge: '1158201444', hub_verify_token: 'token-a' },
			'token-a',
			accepted,
		],
		['another token', good, 'token-b', { ok: false }],
		['a token that only starts alike', good, 'token-abc', { ok: false }],
		['no token configured', { ...good, 'hub.verify_token': '' }, '', { ok: false }],
		['another mode', { ...good, 'hub.mode': 'unsubscribe' }, 'token-a', { ok: false }],
		['no challenge', { ...good, 'hub.challenge': undefined }, 'token-a', { ok: false }],
		['a repeated parameter', { ...good, 'hub.verify_token': ['token-a', 'token-a'] }, 'token-a', { ok: false }],
		['an empty query', {}, 'token-a', { ok: false }],
	])('%s', (_name, query, token, verdict) => {
		expect(verifyChallenge(query, token)).toEqual(verdict);
	});
});
