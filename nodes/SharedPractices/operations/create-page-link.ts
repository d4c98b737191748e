import { LINK_HOURS } from '../../../core/dashboard';
import { createPracticesLink } from '../../../core/practices';
import { locatorId, memberField, requiredText, showFor, tenantField, tenantId, type Operation } from '../../shared';
import { portsOf } from '../fields';

export const description: Operation['description'] = showFor({ operation: ['createPageLink'] }, [
	tenantField(),
	memberField({
		name: 'userId',
		description: 'Who the link is for; owners and admins agree and take back in their own name',
	}),
	{
		displayName: 'Page URL',
		name: 'pageUrl',
		type: 'string',
		required: true,
		default: "={{ $execution.resumeUrl.split('/webhook-waiting')[0] }}/webhook/agent-factory/practices",
		placeholder: 'https://n8n.example.com/webhook/agent-factory/practices',
		description: 'Production URL of the webhook of workflow 80; by default its address as shipped',
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
		userId: locatorId(context, 'userId', itemIndex),
		pageUrl: requiredText(call, 'pageUrl'),
		hours: Number(context.getNodeParameter('hours', itemIndex)) || LINK_HOURS,
	};
	return { tenantId: tenant, ...(await createPracticesLink(database, tenant, request, await portsOf(call))) };
};
