import { createCipheriv, createDecipheriv, createHash, hkdfSync } from 'node:crypto';
import { FactoryError } from '../errors';
import { VAULT_KEY_BYTES, VAULT_NONCE_BYTES, VAULT_TAG_BYTES } from './defaults';

/** Encrypts secrets at rest. Keys: the current one first, then older ones that still decrypt (rotation). */
export interface Vault {
	/** `boundTo` names the row the secret belongs to: a ciphertext moved to another row does not open. */
	encrypt(secret: string, boundTo: string): string;
	decrypt(stored: string, boundTo: string): string;
	/** True when `stored` was not written with the current key. */
	isStale(stored: string): boolean;
	/** Keys of 32 bytes for one purpose, one of each vault key, the current one first (HKDF, SHA-256). */
	derive(purpose: string): Buffer[];
}

const VERSION = 'v1';

const tampered = (cause?: unknown): FactoryError =>
	new FactoryError(
		'VAULT_TAMPERED',
		'The stored token does not open: it was changed, or belongs to another account. Store the token again.',
		{ cause },
	);

/** AES-256-GCM. Stored as v1.<key id>.<base64url of nonce + tag + ciphertext>. `keys`: base64 or hex, 32 bytes each. */
export function createVault(keys: readonly string[], randomBytes: (size: number) => Buffer): Vault {
	const parsed = keys.map(parseKey);
	if (parsed.length === 0)
		throw new FactoryError(
			'VAULT_KEY_INVALID',
			'The vault has no key. Put a 32-byte key (base64) into the Vault credential.',
		);
	const byId = new Map(parsed.map((key) => [key.id, key]));
	const current = parsed[0];
	return {
		encrypt(secret, boundTo) {
			const nonce = randomBytes(VAULT_NONCE_BYTES);
			const cipher = createCipheriv('aes-256-gcm', current.bytes, nonce).setAAD(Buffer.from(boundTo));
			const text = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
			return [VERSION, current.id, Buffer.concat([nonce, cipher.getAuthTag(), text]).toString('base64url')].join('.');
		},
		decrypt(stored, boundTo) {
			const [version, id, body] = stored.split('.');
			const key = byId.get(id);
			if (version !== VERSION || !key || !body) {
				throw new FactoryError(
					'VAULT_KEY_MISSING',
					'The stored token was encrypted with a key that this Vault credential does not hold. Add the old key under "Older keys", or store the token again.',
				);
			}
			const bytes = Buffer.from(body, 'base64url');
			// One spelling a secret: a link that works once is known by the hash of its text.
			if (stored !== [VERSION, id, bytes.toString('base64url')].join('.')) throw tampered();
			const nonce = bytes.subarray(0, VAULT_NONCE_BYTES);
			const tag = bytes.subarray(VAULT_NONCE_BYTES, VAULT_NONCE_BYTES + VAULT_TAG_BYTES);
			try {
				const decipher = createDecipheriv('aes-256-gcm', key.bytes, nonce, { authTagLength: VAULT_TAG_BYTES })
					.setAAD(Buffer.from(boundTo))
					.setAuthTag(tag);
				return Buffer.concat([
					decipher.update(bytes.subarray(VAULT_NONCE_BYTES + VAULT_TAG_BYTES)),
					decipher.final(),
				]).toString('utf8');
			} catch (cause) {
				throw tampered(cause);
			}
		},
		isStale: (stored) => stored.split('.')[1] !== current.id,
		derive: (purpose) =>
			parsed.map(({ bytes }) => Buffer.from(hkdfSync('sha256', bytes, '', purpose, VAULT_KEY_BYTES))),
	};
}

function parseKey(text: string): { id: string; bytes: Buffer } {
	const trimmed = text.trim();
	const bytes = /^[0-9a-fA-F]{64}$/.test(trimmed) ? Buffer.from(trimmed, 'hex') : Buffer.from(trimmed, 'base64');
	if (bytes.length !== VAULT_KEY_BYTES) {
		throw new FactoryError(
			'VAULT_KEY_INVALID',
			`A vault key must be 32 bytes in base64 or hex; this one has ${bytes.length}. Make one with: openssl rand -base64 32`,
		);
	}
	return { id: createHash('sha256').update(bytes).digest('hex').slice(0, 8), bytes };
}
