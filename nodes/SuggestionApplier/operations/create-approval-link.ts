import { APPROVAL_LINK_HOURS, createApprovalLink } from '../../../core/improvement';
import { pageLinkPorts, type Operation, requiredText, showFor, tenantField, tenantId } from '../../shared';
import { personField, refOf, suggestionField, targetField } from '../fields';

export const description: Operation['description'] = showFor({ operation: ['createApprovalLink'] }, [
	tenantField(),
	targetField,
	suggestionField,
	personField(),
	{
		displayName: 'Page URL',
		name: 'pageUrl',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'https://n8n.example.com/webhook/agent-factory/approval',
		description: 'Production URL of the webhook that opens approval links',
	},
	{
		displayName: 'Valid for (Hours)',
		name: 'hours',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: 336, numberPrecision: 0 },
		default: APPROVAL_LINK_HOURS,
		description: 'Hours after which the link no longer works',
	},
]);

export const execute: Operation['execute'] = async (call) => {
	const tenant = await tenantId(call.context, call.database, call.itemIndex);
	const { target, id: suggestionId } = refOf(call);
	const hours = Number(call.context.getNodeParameter('hours', call.itemIndex)) || APPROVAL_LINK_HOURS;
	const request = {
		target,
		suggestionId,
		person: requiredText(call, 'person'),
		baseUrl: requiredText(call, 'pageUrl'),
		hours,
	};
	const ports = await pageLinkPorts(call);
	return {
		tenantId: tenant,
		target,
		suggestionId,
		...(await createApprovalLink(call.database, tenant, request, ports)),
	};
};
