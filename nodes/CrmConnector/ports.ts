import { randomBytes, randomUUID } from 'node:crypto';
import type { IExecuteFunctions } from 'n8n-workflow';
import { callService, pause, type CrmPorts } from '../../core/crm';
import { httpCall } from '../../core/http';
import { nodeVault } from '../shared';

/** What reaches out of the process: the CRM over HTTPS, the vault, clock and chance. */
export const crmPorts = async (context: IExecuteFunctions): Promise<CrmPorts> => ({
	...portsWithoutVault(),
	vault: await nodeVault(context),
});

/** For a webhook, which opens no token. */
export const portsWithoutVault = (): Omit<CrmPorts, 'vault'> => ({
	request: httpCall,
	call: callService,
	sleep: pause,
	now: Date.now,
	random: Math.random,
	randomBytes,
	randomId: randomUUID,
});
