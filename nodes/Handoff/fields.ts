import { randomBytes } from 'node:crypto';
import type { INodeProperties } from 'n8n-workflow';
import type { ChatwootPorts } from '../../core/handoff';
import { httpCall } from '../../core/http';
import type { PageLinkPorts } from '../../core/tenancy';
import { memberField, nodeVault, type OperationCall } from '../shared';

/** Fields that several operations of the node ask for, and how they are read. */

export const userField = (description: string, required = true): INodeProperties =>
	memberField({ name: 'userId', description, required });

export const languageField: INodeProperties = {
	displayName: 'Language',
	name: 'language',
	type: 'options',
	options: [
		{ name: 'English', value: 'en' },
		{ name: 'Portuguese (Brazil)', value: 'pt-BR' },
	],
	default: 'pt-BR',
	description: 'Language of the page that a link which opens nothing gets; the others speak the tenant’s',
};

export const languageOf = ({ context, itemIndex }: OperationCall): 'pt-BR' | 'en' =>
	context.getNodeParameter('language', itemIndex) === 'en' ? 'en' : 'pt-BR';

export const portsOf = async ({ context }: OperationCall): Promise<PageLinkPorts> => ({
	vault: await nodeVault(context),
	now: Date.now,
	randomBytes,
});

export const allowLocalField: INodeProperties = {
	displayName: 'Allow Local Addresses',
	name: 'allowLocal',
	type: 'boolean',
	default: false,
	description:
		'Whether Chatwoot may stand on a local address. For a Chatwoot of your own network: it would let a tenant reach what stands beside n8n.',
};

export const chatwootPortsOf = async (
	{ context, itemIndex }: OperationCall,
	settings?: { allowLocal: boolean },
): Promise<ChatwootPorts> => ({
	vault: await nodeVault(context),
	request: httpCall,
	randomBytes,
	allowLocal: settings?.allowLocal ?? (context.getNodeParameter('allowLocal', itemIndex) as boolean),
});
