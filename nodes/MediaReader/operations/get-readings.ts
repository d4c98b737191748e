import { listReadings } from '../../../core/media';
import { limitField, limitOf, showFor, tenantField, tenantId, type Operation } from '../../shared';

export const description: Operation['description'] = showFor({ operation: ['getReadings'] }, [
	tenantField(),
	{
		displayName: 'Status',
		name: 'status',
		type: 'options',
		options: [
			{ name: 'Any', value: '' },
			{ name: 'Failed', value: 'failed' },
			{ name: 'Read', value: 'read' },
			{ name: 'Refused', value: 'refused' },
			{ name: 'Too Large', value: 'too_large' },
			{ name: 'Unsupported', value: 'unsupported' },
		],
		default: '',
		description: 'Which readings to return',
	},
	{
		displayName: 'With Text',
		name: 'withText',
		type: 'boolean',
		default: false,
		description: "Whether to return what was read, the customer's own words; n8n keeps them with the execution",
	},
	limitField(),
]);

export const execute: Operation['execute'] = async ({ context, itemIndex, database }) =>
	await listReadings(database, await tenantId(context, database, itemIndex), {
		status: (context.getNodeParameter('status', itemIndex, '') as string) || undefined,
		withText: context.getNodeParameter('withText', itemIndex, false) as boolean,
		limit: limitOf({ context, itemIndex }),
	});
