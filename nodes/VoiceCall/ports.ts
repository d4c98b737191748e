import type { IExecuteFunctions } from 'n8n-workflow';
import type { VoicePorts } from '../../core/crm';
import { nodeVault } from '../shared';

export const voicePorts = async (context: IExecuteFunctions): Promise<VoicePorts> => ({
	fetch: globalThis.fetch,
	vault: await nodeVault(context),
	now: Date.now,
});
