import {
	connectCrm,
	PROVIDER_NAMES,
	PROVIDERS,
	STAGE_TYPES,
	type NewConnection,
	type Provider,
} from '../../../core/crm';
import { actorOf, requiredText, showFor, tenantField, tenantId, type Operation } from '../../shared';
import { filledIn, textOf } from '../../shared/text';
import { crmPorts } from '../ports';

export const description: Operation['description'] = showFor({ operation: ['connect'] }, [
	tenantField(),
	{
		displayName:
			'The webhook key is in the output of this run only. The CRM sends its webhooks to the address of workflow 72 with ?key= and this key. Connecting the same name again replaces the token and keeps the key.',
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
	{
		displayName: 'Create a Deal',
		name: 'createOn',
		type: 'options',
		options: [
			{ name: 'Only When Asked', value: 'manual', description: 'By an agent, or by Create Deal' },
			{ name: 'When a Lead Reaches a Stage', value: 'stage' },
			{ name: 'When a Lead Turns Hot', value: 'hot' },
		],
		default: 'hot',
		description: 'Which event makes a deal; each lead gets one, whatever happens twice',
	},
	{
		displayName: 'From Stage',
		name: 'createOnStage',
		type: 'options',
		options: STAGE_TYPES.map((value) => ({ name: `${value[0].toUpperCase()}${value.slice(1)}`, value })),
		default: 'proposal',
		displayOptions: { show: { createOn: ['stage'] } },
		description: 'A lead that reaches this kind of stage, or a later one, gets its deal',
	},
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
			{
				displayName: 'Name',
				name: 'connectionName',
				type: 'string',
				default: '',
				description: 'Tells several CRMs of a tenant apart; the name of the system if left out',
			},
			{
				displayName: 'New Webhook Key',
				name: 'newWebhookKey',
				type: 'boolean',
				default: false,
				description: 'Whether to make another webhook key; the old one stops working',
			},
			{
				displayName: 'Owner ID',
				name: 'ownerId',
				type: 'string',
				default: '',
				description: 'User of the CRM who owns the deals; the owner of the token if left out',
			},
			{
				displayName: 'Pipeline ID',
				name: 'pipelineId',
				type: 'string',
				default: '',
				description: 'Pipeline of the CRM for the deals; its first one if left out',
			},
		],
	},
]);

export const execute: Operation['execute'] = async (call) => {
	const { context, database, itemIndex } = call;
	const tenant = await tenantId(context, database, itemIndex);
	const createOn = textOf(call, 'createOn') as NewConnection['createOn'];
	const more = filledIn(call, 'additionalFields');
	const connected = await connectCrm(
		database,
		tenant,
		{
			provider: textOf(call, 'provider') as Provider,
			token: requiredText(call, 'token'),
			createOn,
			createOnStage: createOn === 'stage' ? requiredText(call, 'createOnStage') : null,
			name: more.connectionName as string | undefined,
			baseUrl: more.baseUrl as string | undefined,
			allowLocal: more.allowLocal === true,
			newWebhookKey: more.newWebhookKey === true,
			ownerId: more.ownerId as string | undefined,
			pipelineId: more.pipelineId as string | undefined,
		},
		await crmPorts(context),
		actorOf(context),
	);
	const { integration, ...rest } = connected;
	return { tenantId: tenant, ...integration, ...rest };
};
