import type { IExecuteFunctions } from 'n8n-workflow';
import type { VoicePorts } from '../../core/crm';
import { httpCall } from '../../core/http';
import { nodeVault } from '../shared';

export const voicePorts = async (context: IExecuteFunctions): Promise<VoicePorts> => ({
	http: httpCall,
	vault: await nodeVault(context),
	now: Date.now,
});
