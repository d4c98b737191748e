import { removeMember } from '../../../../core/tenancy';
import { locatorId, memberField, showFor, tenantField, tenantId, type Operation } from '../../../shared';

export const description: Operation['description'] = showFor({ resource: ['member'], operation: ['remove'] }, [
	tenantField(),
	memberField({ name: 'userId', description: 'Who works for this client no longer' }),
]);

export const execute: Operation['execute'] = async (call) => {
	const tenant = await tenantId(call.context, call.database, call.itemIndex);
	const userId = locatorId(call.context, 'userId', call.itemIndex);
	return { userId, removed: await removeMember(call.database, tenant, userId) };
};
