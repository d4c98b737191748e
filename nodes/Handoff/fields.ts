import { randomBytes } from 'node:crypto';
import type { INodeProperties } from 'n8n-workflow';
import type { PageLinkPorts } from '../../core/tenancy';
import { nodeVault, type OperationCall } from '../shared';

/** Fields that several operations of the node ask for, and how they are read. */

export const userField = (description: string, required = true): INodeProperties => ({
	displayName: 'User ID',
	name: 'userId',
	type: 'string',
	required,
	default: '',
	description,
});

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
