import { listToolCalls } from '../../../core/plugins';
import {
	asText,
	limitField,
	limitOf,
	locatorField,
	locatorId,
	showFor,
	tenantField,
	tenantId,
	toItems,
	type Operation,
} from '../../shared';
import { isPicked } from '../../shared/text';

export const description: Operation['description'] = showFor({ operation: ['getToolCalls'] }, [
	tenantField(),
	locatorField({
		displayName: 'Conversation',
		name: 'conversation',
		description: 'The conversation in which the tools were called; empty for all',
		searchMethod: 'searchConversations',
		required: false,
	}),
	{
		displayName: 'Status',
		name: 'status',
		type: 'options',
		default: '',
		options: [
			{ name: 'Any', value: '' },
			{ name: 'Done', value: 'ok', description: 'The tool did what it was asked' },
			{ name: 'Failed', value: 'failed', description: 'The tool said no, or could not be reached' },
			{ name: 'Not Known', value: 'unknown', description: 'Asked, and no answer came' },
			{ name: 'Refused', value: 'refused', description: 'The agent asked in a way that the tool does not take' },
			{ name: 'Under Way', value: 'requested', description: 'On its way, or the worker died' },
		],
		description: 'How the call ended',
	},
	limitField(),
]);

export const execute: Operation['execute'] = async (call) => {
	const { context, itemIndex, database } = call;
	const tenant = await tenantId(context, database, itemIndex);
	const conversationId = isPicked(context.getNodeParameter('conversation', itemIndex, ''))
		? locatorId(context, 'conversation', itemIndex)
		: undefined;
	const status = asText(context.getNodeParameter('status', itemIndex, '')) || undefined;
	return toItems(await listToolCalls(database, tenant, { conversationId, status, limit: limitOf(call) }));
};
