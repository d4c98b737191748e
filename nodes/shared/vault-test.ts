import { randomBytes } from 'node:crypto';
import type { ICredentialsDecrypted, ICredentialTestFunctions, INodeCredentialTestResult } from 'n8n-workflow';
import { isFactoryError } from '../../core/errors';
import { createVault } from '../../core/tenancy';
import { secretList } from './parameters';

/** Every key must be one; nothing is asked of the database. */
export async function vaultTest(
	this: ICredentialTestFunctions,
	credential: ICredentialsDecrypted,
): Promise<INodeCredentialTestResult> {
	const { key = '', olderKeys } = (credential.data ?? {}) as { key?: string; olderKeys?: string };
	try {
		createVault([key, ...secretList(olderKeys)], randomBytes);
		return { status: 'OK', message: 'The keys are well formed.' };
	} catch (error) {
		return { status: 'Error', message: isFactoryError(error) ? error.message : 'The key cannot be read.' };
	}
}
