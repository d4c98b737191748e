import { listDrafts } from '../../../../core/conversations';
import { limitField, locatorId, showFor, tenantField, tenantId, type Operation } from '../../../shared';
import { toItems } from '../../../shared/rows';
import { isPicked, limitOf } from '../../../shared/text';
import { conversationField } from '../../fields';

export const description: Operation['description'] = showFor({ resource: ['conversation'], operation: ['getDrafts'] }, [
	tenantField(),
	conversationField({ required: false, description: 'The conversation with one contact; empty for all of the tenant' }),
	limitField(),
]);

export const execute: Operation['execute'] = async (call) => {
	const { context, itemIndex, database } = call;
	const tenant = await tenantId(context, database, itemIndex);
	const conversationId = isPicked(context.getNodeParameter('conversation', itemIndex, ''))
		? locatorId(context, 'conversation', itemIndex)
		: undefined;
	return toItems(await listDrafts(database, tenant, { conversationId, status: 'open', limit: limitOf(call) }));
};
