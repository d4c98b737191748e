import { createHandoffLink } from '../../../core/handoff';
import { locatorId, showFor, tenantField, tenantId, type Operation } from '../../shared';
import { textOf } from '../../shared/text';
import { portsOf, userField } from '../fields';

export const description: Operation['description'] = showFor({ operation: ['createPageLink'] }, [
	tenantField(),
	userField(
		'The member the link is for, as Agent Factory > Member > Get Many shows; whoever opens it acts in their name',
	),
	{
		displayName: 'Hand-Over ID',
		name: 'handoffId',
		type: 'string',
		default: '',
		description: 'Which hand-over the link opens; empty for the queue',
	},
	{
		displayName: 'Page URL',
		name: 'pageUrl',
		type: 'string',
		default: '',
		placeholder: 'https://n8n.example.com/webhook/agent-factory/handoff',
		description: 'Production URL of the webhook of workflow 61; empty for the one in the settings',
	},
	{
		displayName: 'Valid for (Hours)',
		name: 'hours',
		type: 'number',
		typeOptions: { minValue: 0, maxValue: 720, numberPrecision: 0 },
		default: 0,
		description: 'Hours after which the link opens nothing; 0 for the hours in the settings',
	},
]);

export const execute: Operation['execute'] = async (call) => {
	const tenant = await tenantId(call.context, call.database, call.itemIndex);
	const hours = Number(call.context.getNodeParameter('hours', call.itemIndex)) || null;
	const request = {
		userId: locatorId(call.context, 'userId', call.itemIndex),
		handoffId: textOf(call, 'handoffId'),
		pageUrl: textOf(call, 'pageUrl'),
		hours,
	};
	return { tenantId: tenant, ...(await createHandoffLink(call.database, tenant, request, await portsOf(call))) };
};
