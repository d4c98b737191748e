import { listAppointments } from '../../../core/crm';
import { limitField, limitOf, showFor, tenantField, tenantId, toItems, type Operation } from '../../shared';
import { textOf, timeOf } from '../../shared/text';
import { conversationIdField } from '../fields';

export const description: Operation['description'] = showFor({ operation: ['getEvents'] }, [
	tenantField(),
	{ ...conversationIdField, description: 'Of one conversation only; empty for all' },
	{
		displayName: 'Status',
		name: 'status',
		type: 'options',
		options: [
			{ name: 'Any', value: '' },
			{ name: 'Cancelled', value: 'cancelled' },
			{ name: 'Confirmed', value: 'confirmed' },
			{ name: 'Failed', value: 'failed' },
			{ name: 'Tentative', value: 'tentative' },
			{ name: 'Unknown', value: 'unknown' },
		],
		default: '',
		description: 'Only appointments in this state',
	},
	{
		displayName: 'From',
		name: 'from',
		type: 'dateTime',
		default: '',
		description: 'Only appointments that begin from then on; empty for now',
	},
	limitField(),
]);

export const execute: Operation['execute'] = async (call) => {
	const { context, itemIndex, database } = call;
	const tenant = await tenantId(context, database, itemIndex);
	const from = timeOf('from', context.getNodeParameter('from', itemIndex, ''));
	return toItems(
		await listAppointments(database, tenant, {
			conversationId: textOf(call, 'conversationId'),
			status: textOf(call, 'status'),
			from: from ? new Date(from) : new Date(),
			limit: limitOf(call),
		}),
	);
};
