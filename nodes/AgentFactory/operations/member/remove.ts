import { removeMember } from '../../../../core/tenancy';
import { requiredText, showFor, tenantField, tenantId, type Operation } from '../../../shared';

export const description: Operation['description'] = showFor({ resource: ['member'], operation: ['remove'] }, [
	tenantField(),
	{
		displayName: 'User ID',
		name: 'userId',
		type: 'string',
		required: true,
		default: '',
		description: 'The ID that Get Many shows',
	},
]);

export const execute: Operation['execute'] = async (call) => {
	const tenant = await tenantId(call.context, call.database, call.itemIndex);
	const userId = requiredText(call, 'userId');
	return { userId, removed: await removeMember(call.database, tenant, userId) };
};
