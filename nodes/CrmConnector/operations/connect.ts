import { connectCrm, PROVIDER_NAMES, PROVIDERS, type Provider } from '../../../core/crm';
import { actorOf, requiredText, showFor, tenantField, tenantId, type Operation } from '../../shared';
import { filledIn, textOf } from '../../shared/text';
import { createOnFields, nameOption, ownerOption, pipelineOption, settingsOf, webhookUrlOption } from '../settings';
import { crmPorts } from '../ports';

export const description: Operation['description'] = showFor({ operation: ['connect'] }, [
	tenantField(),
	{
		displayName:
			'With Webhook URL among the additional fields the CRM is told where to send its webhooks. Without it put the address of workflow 72 with ?key= and the webhook key, which is in the output of this run only, into the CRM by hand. Connecting the same name again replaces the token and keeps the key.',
		name: 'keyNotice',
		type: 'notice',
		default: '',
	},
	{
		displayName: 'System',
		name: 'provider',
		type: 'options',
		options: PROVIDERS.map((value) => ({ name: PROVIDER_NAMES[value], value })),
		default: 'pipedrive',
		description: 'Which CRM the tenant uses',
	},
	{
		displayName: 'API Token',
		name: 'token',
		type: 'string',
		typeOptions: { password: true },
		required: true,
		default: '',
		description:
			'Pipedrive: Personal preferences > API. RD Station CRM: Profile > API token. It is checked first, then stored encrypted.',
	},
	...createOnFields,
	{
		displayName: 'Additional Fields',
		name: 'additionalFields',
		type: 'collection',
		placeholder: 'Add Field',
		default: {},
		options: [
			{
				displayName: 'Allow Local Addresses',
				name: 'allowLocal',
				type: 'boolean',
				default: false,
				description: 'Whether plain HTTP and addresses of this network may be called; for development only',
			},
			{
				displayName: 'Base URL',
				name: 'baseUrl',
				type: 'string',
				default: '',
				placeholder: 'https://company.pipedrive.com',
				description: 'Address of the CRM, if it is not the usual one',
			},
			nameOption,
			{
				displayName: 'New Webhook Key',
				name: 'newWebhookKey',
				type: 'boolean',
				default: false,
				description: 'Whether to make another webhook key; the old one stops working',
			},
			ownerOption,
			pipelineOption,
			webhookUrlOption,
		],
	},
]);

export const execute: Operation['execute'] = async (call) => {
	const { context, database, itemIndex } = call;
	const tenant = await tenantId(context, database, itemIndex);
	const more = filledIn(call, 'additionalFields');
	const connected = await connectCrm(
		database,
		tenant,
		{
			provider: textOf(call, 'provider') as Provider,
			token: requiredText(call, 'token'),
			...settingsOf(call),
			baseUrl: more.baseUrl as string | undefined,
			allowLocal: more.allowLocal === true,
			newWebhookKey: more.newWebhookKey === true,
		},
		await crmPorts(context),
		actorOf(context),
	);
	const { integration, ...rest } = connected;
	return { tenantId: tenant, ...integration, ...rest };
};
