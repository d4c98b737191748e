import { randomBytes } from 'node:crypto';
import type { INodeProperties } from 'n8n-workflow';
import type { PageLinkPorts } from '../../core/tenancy';
import { nodeVault, type OperationCall } from '../shared';

export const languageField: INodeProperties = {
	displayName: 'Language',
	name: 'language',
	type: 'options',
	options: [
		{ name: 'English', value: 'en' },
		{ name: 'Portuguese (Brazil)', value: 'pt-BR' },
	],
	default: 'pt-BR',
	description: 'Language of what people read',
};

export const consentFields: INodeProperties[] = [
	{
		displayName: 'Consent',
		name: 'consent',
		type: 'options',
		options: [
			{ name: 'Receive Practices', value: 'receive', description: 'Get what helped others as suggestions' },
			{
				name: 'Share Results From Instagram',
				value: 'instagram',
				description: 'Trials with people of Instagram count',
			},
			{
				name: 'Share Results From Messenger',
				value: 'messenger',
				description: 'Trials with people of Messenger count',
			},
		],
		default: 'receive',
		description: 'What is agreed to. WhatsApp is not in the list: nothing of it is ever shared.',
	},
	{
		displayName: 'Person',
		name: 'person',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'e.g. Ana Souza',
		description: 'Whose word it is: stands on the receipt',
	},
];

export const languageOf = ({ context, itemIndex }: OperationCall): 'pt-BR' | 'en' =>
	context.getNodeParameter('language', itemIndex) === 'en' ? 'en' : 'pt-BR';

export const portsOf = async (call: OperationCall): Promise<PageLinkPorts> => ({
	vault: await nodeVault(call.context),
	now: Date.now,
	randomBytes,
});
