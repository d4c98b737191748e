import { listMessages } from '../../../../core/conversations';
import { limitField, locatorId, showFor, tenantField, tenantId, type Operation } from '../../../shared';
import { toItems } from '../../../shared/rows';
import { limitOf } from '../../../shared/text';
import { conversationField } from '../../fields';

export const description: Operation['description'] = showFor(
	{ resource: ['conversation'], operation: ['getMessages'] },
	[tenantField(), conversationField(), limitField()],
);

export const execute: Operation['execute'] = async (call) => {
	const { context, itemIndex, database } = call;
	const tenant = await tenantId(context, database, itemIndex);
	return toItems(await listMessages(database, tenant, locatorId(context, 'conversation', itemIndex), limitOf(call)));
};
