import { randomBytes } from 'node:crypto';
import { createVault, tokenBinding } from '../../../core/tenancy';

const [first, second] = [Buffer.alloc(32, 1).toString('base64'), Buffer.alloc(32, 2).toString('base64')];
const row = tokenBinding('tenant-1', 'account-1');
const vault = createVault([first], randomBytes);

test.each(['EAAG-token', '', 'tokën €', 'x'.repeat(4096)])('a stored secret opens again', (secret) => {
	expect(vault.decrypt(vault.encrypt(secret, row), row)).toBe(secret);
});

test('the same secret is stored differently each time and never as itself', () => {
	const stored = [vault.encrypt('EAAG-token', row), vault.encrypt('EAAG-token', row)];
	expect(new Set(stored).size).toBe(2);
	for (const text of stored)
		expect(Buffer.from(text.split('.')[2], 'base64url').toString('latin1')).not.toContain('EAAG');
});

test('a key in hex is the key in base64', () => {
	const hex = createVault([Buffer.from(first, 'base64').toString('hex')], randomBytes);
	expect(hex.decrypt(vault.encrypt('s', row), row)).toBe('s');
});

test.each([
	['nonce', 0],
	['tag', 12],
	['text', 28],
])('a changed byte of the %s is noticed', (_part, position) => {
	const [version, id, body] = vault.encrypt('EAAG-token', row).split('.');
	const bytes = Buffer.from(body, 'base64url');
	bytes[position] ^= 1;
	expect(() => vault.decrypt([version, id, bytes.toString('base64url')].join('.'), row)).toThrow(
		expect.objectContaining({ code: 'VAULT_TAMPERED' }),
	);
});

test.each(['', 'AAAA', 'x'.repeat(37)])('a body cut to "%s" is refused', (body) => {
	const [version, id] = vault.encrypt('EAAG-token', row).split('.');
	expect(() => vault.decrypt([version, id, body].join('.'), row)).toThrow(
		expect.objectContaining({ code: expect.stringMatching(/^VAULT_/) }),
	);
});

test('a secret has one spelling: bits that decoding ignores, or parts behind it, do not open', () => {
	// 29 bytes end in a character of which two bits count.
	const stored = vault.encrypt('a', row);
	const last = stored.at(-1)!;
	const respelled = stored.slice(0, -1) + String.fromCharCode(last.charCodeAt(0) + 1);
	for (const changed of [`${stored}x`, `${stored}.x`, `${stored}=`, respelled])
		expect(() => vault.decrypt(changed, row)).toThrow('does not open');
});

test.each([tokenBinding('tenant-2', 'account-1'), tokenBinding('tenant-1', 'account-2'), ''])(
	'moved to another row (%s) it does not open',
	(other) => {
		expect(() => vault.decrypt(vault.encrypt('EAAG-token', row), other)).toThrow(
			expect.objectContaining({ code: 'VAULT_TAMPERED' }),
		);
	},
);

test('after a rotation the older key still opens, the new one writes, and old texts are known as stale', () => {
	const old = vault.encrypt('EAAG-token', row);
	const rotated = createVault([second, first], randomBytes);
	expect(rotated.decrypt(old, row)).toBe('EAAG-token');
	expect(rotated.isStale(old)).toBe(true);
	const fresh = rotated.encrypt('EAAG-token', row);
	expect(rotated.isStale(fresh)).toBe(false);
	expect(createVault([second], randomBytes).decrypt(fresh, row)).toBe('EAAG-token');
	expect(() => vault.decrypt(fresh, row)).toThrow(
		expect.objectContaining({ code: 'VAULT_KEY_MISSING', message: expect.stringContaining('Older keys') }),
	);
});

test.each([
	[Buffer.alloc(16).toString('base64'), '16'],
	['', '0'],
	[Buffer.alloc(33).toString('base64'), '33'],
])('a key of another length is refused with its length and a command', (key, length) => {
	expect(() => createVault([key], randomBytes)).toThrow(
		expect.objectContaining({
			code: 'VAULT_KEY_INVALID',
			message: expect.stringMatching(new RegExp(`has ${length}\\. .*openssl rand -base64 32`)),
		}),
	);
});

test('no key at all is refused, and a refusal never repeats the key or the secret', () => {
	expect(() => createVault([], randomBytes)).toThrow(expect.objectContaining({ code: 'VAULT_KEY_INVALID' }));
	expect(() => createVault(['c2VjcmV0LWtleQ=='], randomBytes)).toThrow(
		expect.objectContaining({ message: expect.not.stringContaining('c2Vj') }),
	);
	expect(() => vault.decrypt('EAAG-plain-token', row)).toThrow(
		expect.objectContaining({ message: expect.not.stringContaining('EAAG') }),
	);
});
