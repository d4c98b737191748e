import { randomBytes } from 'node:crypto';
import type { IExecuteFunctions } from 'n8n-workflow';
import { FactoryError } from '../../core/errors';
import { createVault, type Vault } from '../../core/tenancy';
import { keptCredential } from './kept-credential';
import { secretList } from './parameters';

export const VAULT_CREDENTIAL = 'agentFactoryVaultApi';

/** The vault of the node's credential; a node without one is told which to add. */
export async function nodeVault(context: IExecuteFunctions): Promise<Vault> {
	if (!context.getNode().credentials?.[VAULT_CREDENTIAL]) {
		throw new FactoryError(
			'VAULT_KEY_MISSING',
			'Access tokens are stored encrypted, and this node has no key for that. Add an Agent Factory Vault API credential to the node.',
		);
	}
	const { key, olderKeys } = await keptCredential<{ key: string; olderKeys?: string }>(context, VAULT_CREDENTIAL);
	return createVault([key, ...secretList(olderKeys)], randomBytes);
}
