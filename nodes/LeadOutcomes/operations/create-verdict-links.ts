import { createVerdictLinks, VERDICT_LINK_DAYS } from '../../../core/leads';
import {
	actorOf,
	locatorId,
	pageLinkPorts,
	requiredText,
	showFor,
	tenantField,
	tenantId,
	type Operation,
} from '../../shared';
import { textOf } from '../../shared/text';
import { leadIdField } from '../fields';

export const description: Operation['description'] = showFor({ operation: ['createVerdictLinks'] }, [
	tenantField(),
	leadIdField(),
	{
		displayName: 'Page URL',
		name: 'pageUrl',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'https://n8n.example.com/webhook/agent-factory/verdict',
		description: 'Production URL of the webhook of workflow 43',
	},
	{
		displayName: 'Whose Verdict',
		name: 'actor',
		type: 'string',
		default: '',
		description: 'Name or ID of the person who gets the links; whoever taps speaks in this name',
	},
	{
		displayName: 'Valid for (Days)',
		name: 'days',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: 90, numberPrecision: 0 },
		default: VERDICT_LINK_DAYS,
		description: 'Days after which the links no longer work',
	},
]);

export const execute: Operation['execute'] = async (call) => {
	const { context, itemIndex, database } = call;
	const tenant = await tenantId(context, database, itemIndex);
	const leadId = locatorId(call.context, 'leadId', call.itemIndex);
	const links = createVerdictLinks(
		{
			tenantId: tenant,
			leadId,
			baseUrl: requiredText(call, 'pageUrl'),
			actor: textOf(call, 'actor') ?? actorOf(context),
			days: Number(context.getNodeParameter('days', itemIndex)) || VERDICT_LINK_DAYS,
		},
		await pageLinkPorts({ context }),
	);
	return { tenantId: tenant, leadId, ...links };
};
