import { randomBytes } from 'node:crypto';

/** Made anew for each sandbox; nothing of it is in the repository. */
export interface SandboxSecrets {
	appSecret: string;
	verifyToken: string;
	/** 32 bytes, base64: the key that encrypts the channel tokens at rest. */
	vaultKey: string;
	n8nEncryptionKey: string;
	n8nPassword: string;
}

export function makeSecrets(random: (bytes: number) => Buffer = randomBytes): SandboxSecrets {
	return {
		appSecret: random(16).toString('hex'),
		verifyToken: random(12).toString('hex'),
		vaultKey: random(32).toString('base64'),
		n8nEncryptionKey: random(24).toString('hex'),
		// n8n asks for eight characters with a digit and a capital letter.
		n8nPassword: `Sandbox1-${random(9).toString('base64url')}`,
	};
}
