import { removeRecipient } from '../../../core/handoff';
import { actorOf, locatorId, showFor, tenantField, tenantId, type Operation } from '../../shared';
import { userField } from '../fields';

export const description: Operation['description'] = showFor({ operation: ['removeRecipient'] }, [
	tenantField(),
	userField('The member who is not told any more, at any level'),
]);

export const execute: Operation['execute'] = async (call) => {
	const tenant = await tenantId(call.context, call.database, call.itemIndex);
	const userId = locatorId(call.context, 'userId', call.itemIndex);
	return { userId, ...(await removeRecipient(call.database, tenant, userId, null, actorOf(call.context))) };
};
