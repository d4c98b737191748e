import { listCallTasks } from '../../../core/crm';
import { limitField, limitOf, showFor, tenantField, tenantId, type Operation } from '../../shared';

export const description: Operation['description'] = showFor({ operation: ['getTasks'] }, [
	tenantField(),
	{
		displayName: 'Status',
		name: 'status',
		type: 'options',
		options: [
			{ name: 'Any', value: '' },
			{ name: 'Cancelled', value: 'cancelled' },
			{ name: 'Done', value: 'done' },
			{ name: 'Expired', value: 'expired' },
			{ name: 'Open', value: 'open' },
		],
		default: 'open',
		description: 'Which tasks to return',
	},
	limitField(),
]);

export const execute: Operation['execute'] = async ({ context, itemIndex, database }) =>
	await listCallTasks(database, await tenantId(context, database, itemIndex), {
		status: (context.getNodeParameter('status', itemIndex, 'open') as string) || undefined,
		limit: limitOf({ context, itemIndex }),
	});
