import { LINK_HOURS } from '../../../core/dashboard';
import { createPracticesLink } from '../../../core/practices';
import { requiredText, showFor, tenantField, tenantId, type Operation } from '../../shared';
import { portsOf } from '../fields';

export const description: Operation['description'] = showFor({ operation: ['createPageLink'] }, [
	tenantField(),
	{
		displayName: 'User ID',
		name: 'userId',
		type: 'string',
		required: true,
		default: '',
		description:
			'The member the link is for, as Agent Factory > Member > Get Many shows; owners and admins agree and take back in their own name',
	},
	{
		displayName: 'Page URL',
		name: 'pageUrl',
		type: 'string',
		required: true,
		default: '={{ $json.webhookUrl }}',
		placeholder: 'https://n8n.example.com/webhook/agent-factory/practices',
		description: 'Production URL of the webhook of workflow 80',
	},
	{
		displayName: 'Valid for (Hours)',
		name: 'hours',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: 720, numberPrecision: 0 },
		default: LINK_HOURS,
		description: 'Hours after which the link opens nothing',
	},
]);

export const execute: Operation['execute'] = async (call) => {
	const { context, database, itemIndex } = call;
	const tenant = await tenantId(context, database, itemIndex);
	const request = {
		userId: requiredText(call, 'userId'),
		pageUrl: requiredText(call, 'pageUrl'),
		hours: Number(context.getNodeParameter('hours', itemIndex)) || LINK_HOURS,
	};
	return { tenantId: tenant, ...(await createPracticesLink(database, tenant, request, await portsOf(call))) };
};
