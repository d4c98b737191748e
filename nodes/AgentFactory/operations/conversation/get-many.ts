import { listConversations } from '../../../../core/conversations';
import { limitField, showFor, tenantField, tenantId, type Operation } from '../../../shared';
import { toItems } from '../../../shared/rows';
import { limitOf, textOf } from '../../../shared/text';
import { searchField } from '../../fields';

const ANY = 'any';

export const description: Operation['description'] = showFor({ resource: ['conversation'], operation: ['getMany'] }, [
	tenantField(),
	{
		displayName: 'Status',
		name: 'conversationStatus',
		type: 'options',
		options: [
			{ name: 'Any', value: ANY },
			{ name: 'Closed', value: 'closed' },
			{ name: 'Handed Off', value: 'handoff', description: 'A person answers' },
			{ name: 'Open', value: 'open', description: 'The agent answers' },
		],
		default: ANY,
		description: 'Which conversations to return',
	},
	searchField('Part of the name, user name or phone number of the contact; empty for all'),
	limitField(),
]);

export const whenEmpty =
	"No conversation fits. Is Meta's webhook pointed at workflow 10, and is that workflow published?";

export const execute: Operation['execute'] = async (call) => {
	const tenant = await tenantId(call.context, call.database, call.itemIndex);
	const status = textOf(call, 'conversationStatus');
	return toItems(
		await listConversations(call.database, tenant, {
			status: status === ANY ? undefined : status,
			search: textOf(call, 'search'),
			limit: limitOf(call),
		}),
	);
};
