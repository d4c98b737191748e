import type { INodeProperties } from 'n8n-workflow';
import { fromItem, showFor } from '../shared';

/** How the tenant is known, and the value for each way. */
export const lookupFields: INodeProperties[] = [
	{
		displayName: 'Find Tenant By',
		name: 'by',
		type: 'options',
		noDataExpression: true,
		options: [
			{ name: 'API Key', value: 'accessKey', description: 'An access key of this pack that a caller shows' },
			{
				name: 'Channel Account',
				value: 'channelAccount',
				description: 'A WhatsApp number, Instagram account or page by its ID at Meta',
			},
			{ name: 'Slug', value: 'slug', description: 'The short name of the tenant' },
			{
				name: 'Tenant ID',
				value: 'tenantId',
				description: 'The ID that items from Meta Trigger and Queue Claim carry',
			},
		],
		default: 'tenantId',
		description: 'What is known of the tenant',
	},
	...showFor({ by: ['tenantId'] }, [
		{
			displayName: 'Tenant ID',
			name: 'tenantId',
			type: 'string',
			required: true,
			default: fromItem('tenantId'),
			description: 'ID of the tenant; by default the one that the item carries',
		},
	]),
	...showFor({ by: ['slug'] }, [
		{
			displayName: 'Slug',
			name: 'slug',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'fitpro',
			description: 'Short name of the tenant',
		},
	]),
	...showFor({ by: ['accessKey'] }, [
		{
			displayName: 'API Key',
			name: 'accessKey',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			description: 'The key as the caller sent it, usually an expression; it is not put into the output',
		},
	]),
	...showFor({ by: ['channelAccount'] }, [
		{
			displayName: 'Channel',
			name: 'channel',
			type: 'options',
			options: [
				{ name: 'Instagram', value: 'instagram' },
				{ name: 'Messenger', value: 'messenger' },
				{ name: 'WhatsApp', value: 'whatsapp' },
			],
			default: 'whatsapp',
			description: 'Kind of the account',
		},
		{
			displayName: 'Account ID',
			name: 'externalId',
			type: 'string',
			required: true,
			default: '',
			placeholder: '106540352242922',
			description: 'The phone_number_id of WhatsApp, the Instagram account ID, or the page ID',
		},
	]),
];
