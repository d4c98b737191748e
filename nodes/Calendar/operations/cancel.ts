import { cancel } from '../../../core/crm';
import { actorOf, locatorId, showFor, tenantField, tenantId, type Operation } from '../../shared';
import { textOf } from '../../shared/text';
import { answered, calendarPorts } from '../calls';
import { answerField, appointmentField, conversationIdField } from '../fields';

export const description: Operation['description'] = showFor({ operation: ['cancel'] }, [
	tenantField(),
	appointmentField,
	{
		displayName: 'Cancelled By',
		name: 'by',
		type: 'options',
		options: [
			{ name: 'Customer', value: 'customer' },
			{ name: 'Person of the Tenant', value: 'person' },
		],
		default: 'customer',
		description: 'Who takes it back; counted in the funnel',
	},
	conversationIdField,
	answerField,
]);

export const execute: Operation['execute'] = async (call) => {
	const { context, itemIndex, database } = call;
	const tenant = await tenantId(context, database, itemIndex);
	const ports = await calendarPorts(context);
	return await answered(call, async () => {
		const request = {
			appointmentId: locatorId(context, 'appointment', itemIndex),
			by: context.getNodeParameter('by', itemIndex) as 'customer' | 'person',
			conversationId: textOf(call, 'conversationId'),
			actor: actorOf(context),
		};
		return await cancel(database, tenant, request, ports);
	});
};
