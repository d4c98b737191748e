import { createCrmLink } from '../../../core/crm';
import { requiredText, showFor, tenantField, tenantId, type Operation } from '../../shared';
import { crmPorts } from '../ports';
import { createOnFields, nameOption, ownerOption, pipelineOption, settingsOf, webhookUrlOption } from '../settings';

export const description: Operation['description'] = showFor({ operation: ['createConnectLink'] }, [
	tenantField(),
	{
		displayName:
			'For Pipedrive. RD Station CRM is connected with a token: its API with links is another one. Store the app of Pipedrive with Save OAuth App first.',
		name: 'linkNotice',
		type: 'notice',
		default: '',
	},
	{
		displayName: 'Callback URL',
		name: 'callbackUrl',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'https://n8n.example.com/webhook/agent-factory/connect/crm',
		description:
			'Production URL of Account Connected in workflow 72, registered letter by letter with the app at Pipedrive',
	},
	{
		displayName: 'Person',
		name: 'person',
		type: 'string',
		required: true,
		default: '',
		description: 'Name of who is asked to connect their account; stands in the audit log',
	},
	{
		displayName: 'Valid for (Hours)',
		name: 'hours',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: 720, numberPrecision: 0 },
		default: 72,
		description: 'Hours after which the link no longer works',
	},
	...createOnFields,
	{
		displayName: 'Additional Fields',
		name: 'additionalFields',
		type: 'collection',
		placeholder: 'Add Field',
		default: {},
		options: [nameOption, ownerOption, pipelineOption, webhookUrlOption],
	},
]);

export const execute: Operation['execute'] = async (call) => {
	const { context, itemIndex, database } = call;
	const tenant = await tenantId(context, database, itemIndex);
	const request = {
		callbackUrl: requiredText(call, 'callbackUrl'),
		person: requiredText(call, 'person'),
		hours: Number(context.getNodeParameter('hours', itemIndex)),
		settings: settingsOf(call),
	};
	return { tenantId: tenant, ...(await createCrmLink(database, tenant, request, await crmPorts(context))) };
};
