import type { INodeProperties } from 'n8n-workflow';

/** Who it is, for the operations that name one person. */
export const whoFields: INodeProperties[] = [
	{
		displayName: 'Platform',
		name: 'platform',
		type: 'options',
		options: [
			{ name: 'Instagram', value: 'instagram' },
			{ name: 'Messenger', value: 'messenger' },
			{ name: 'Telegram', value: 'telegram' },
			{ name: 'WhatsApp', value: 'whatsapp' },
		],
		default: 'whatsapp',
		description: 'Where the name or number is of; a phone number counts everywhere',
	},
	{
		displayName: 'Username or Phone',
		name: 'username',
		type: 'string',
		required: true,
		default: '',
		placeholder: '+55 11 98888-7777',
		description: 'Phone number, user ID or username, in any spelling',
	},
];
