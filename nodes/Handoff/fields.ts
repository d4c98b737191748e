import { randomBytes } from 'node:crypto';
import type { INodeProperties } from 'n8n-workflow';
import type { ChatwootPorts } from '../../core/handoff';
import { httpCall } from '../../core/http';
import { languageFieldFor, memberField, nodeVault, type OperationCall } from '../shared';

export { languageOf, pageLinkPorts as portsOf } from '../shared';

/** Fields that several operations of the node ask for, and how they are read. */

export const userField = (description: string, required = true): INodeProperties =>
	memberField({ name: 'userId', description, required });

export const languageField = languageFieldFor(
	'Language of the page that a link which opens nothing gets; the others speak the tenant’s',
);

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
