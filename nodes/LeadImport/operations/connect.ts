import { connectMarketing, type IntegrationSettings, type MarketingPlatform } from '../../../core/crm';
import { actorOf, nodeVault, requiredText, showFor, tenantField, tenantId, type Operation } from '../../shared';
import { toItem } from '../../shared/rows';
import { asText, filledIn, textOf } from '../../shared/text';
import { graphOf } from '../fields';

export const description: Operation['description'] = showFor({ operation: ['connect'] }, [
	tenantField(),
	{
		displayName: 'Platform',
		name: 'source',
		type: 'options',
		options: [
			{ name: 'Facebook', value: 'facebook' },
			{ name: 'Google', value: 'google' },
			{ name: 'LinkedIn', value: 'linkedin', description: 'Leads come as files, or by a relay with a key' },
		],
		default: 'facebook',
		description: 'Where the leads come from',
	},
	{
		displayName: 'Account ID',
		name: 'accountId',
		type: 'string',
		required: true,
		default: '',
		placeholder: '724302907610309',
		description: 'ID of the Facebook page, customer ID of Google Ads, or a name for files',
	},
	{
		displayName: 'Token or Key',
		name: 'secret',
		type: 'string',
		typeOptions: { password: true },
		default: '',
		description:
			'Facebook: a page token with leads_retrieval, empty where the page is connected as a channel already. Google: the key that stands in the form, up to 50 characters. LinkedIn: the key that the relay sends. Empty keeps what is stored.',
	},
	{
		displayName: 'Settings',
		name: 'settings',
		type: 'collection',
		placeholder: 'Add Setting',
		default: {},
		options: [
			{
				displayName: 'Channel Account ID',
				name: 'channelAccountId',
				type: 'string',
				default: '',
				description: "WhatsApp number that greets new leads; the tenant's first one if left out",
			},
			{
				displayName: 'Greet',
				name: 'greet',
				type: 'boolean',
				default: true,
				description: 'Whether new leads get a first template',
			},
			{
				displayName: 'Offers Field',
				name: 'marketingField',
				type: 'string',
				default: '',
				placeholder: 'aceita_ofertas',
				description: 'Question or box of the form that means consent to marketing; without it nobody agreed to any',
			},
			{
				displayName: 'Template ID',
				name: 'templateId',
				type: 'string',
				default: '',
				description: 'Template that greets; the approved one of category lead_ad if left out',
			},
		],
	},
]);

export const execute: Operation['execute'] = async (call) => {
	const { context, itemIndex, database } = call;
	const tenant = await tenantId(context, database, itemIndex);
	const given = filledIn(call, 'settings');
	const settings = Object.fromEntries(
		Object.entries(given).map(([name, value]) => [name, typeof value === 'boolean' ? value : asText(value).trim()]),
	) as IntegrationSettings;
	const integration = {
		platform: context.getNodeParameter('source', itemIndex) as MarketingPlatform,
		accountId: requiredText(call, 'accountId'),
		secret: textOf(call, 'secret') ?? null,
		settings: Object.keys(settings).length > 0 ? settings : undefined,
	};
	const graph = integration.platform === 'facebook' ? await graphOf(context) : null;
	const ports = { vault: await nodeVault(context), graph };
	return {
		tenantId: tenant,
		...toItem(await connectMarketing(database, tenant, integration, ports, actorOf(context))),
	};
};
