import { handOff } from '../../../../core/conversations';
import { actorOf, locatorId, showFor, tenantField, tenantId, type Operation } from '../../../shared';
import { conversationField } from '../../fields';

export const description: Operation['description'] = showFor({ resource: ['conversation'], operation: ['handOff'] }, [
	tenantField(),
	conversationField(),
]);

export const execute: Operation['execute'] = async ({ context, itemIndex, database }) => {
	const tenant = await tenantId(context, database, itemIndex);
	const conversationId = locatorId(context, 'conversation', itemIndex);
	await handOff(database, tenant, conversationId, actorOf(context));
	return { tenantId: tenant, conversationId, status: 'handoff' };
};
