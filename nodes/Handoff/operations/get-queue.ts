import { listHandoffs } from '../../../core/handoff';
import { limitField, limitOf, showFor, tenantField, tenantId, type Operation } from '../../shared';
import { toItems } from '../../shared/rows';
import { pickedId } from '../../shared/text';
import { userField } from '../fields';

export const description: Operation['description'] = showFor({ operation: ['getQueue'] }, [
	tenantField(),
	userField('Only what this member has; empty for all', false),
	{
		displayName: 'With Those That Ended',
		name: 'withReturned',
		type: 'boolean',
		default: false,
		description: 'Whether hand-overs that the bot has back are listed too',
	},
	limitField(),
]);

export const whenEmpty = 'Nobody waits for a person.';

export const execute: Operation['execute'] = async (call) => {
	const tenant = await tenantId(call.context, call.database, call.itemIndex);
	const withReturned = call.context.getNodeParameter('withReturned', call.itemIndex) as boolean;
	const filter = { assignedTo: pickedId(call, 'userId'), withReturned, limit: limitOf(call) };
	// The summary is what the customer said in short: it stays on the page.
	return toItems(await listHandoffs(call.database, tenant, filter)).map(({ summary: _summary, ...item }) => item);
};
