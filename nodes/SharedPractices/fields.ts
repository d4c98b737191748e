import type { INodeProperties } from 'n8n-workflow';
import { languageFieldFor } from '../shared';

export { languageOf, pageLinkPorts as portsOf } from '../shared';

export const languageField = languageFieldFor('Language of what people read');

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
