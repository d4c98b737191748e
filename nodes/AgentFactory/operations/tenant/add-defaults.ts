import { addDefaults } from '../../../../core/tenancy';
import { actorOf, showFor, tenantField, tenantId, type Operation } from '../../../shared';

export const description: Operation['description'] = showFor({ resource: ['tenant'], operation: ['addDefaults'] }, [
	tenantField(),
]);

export const execute: Operation['execute'] = async (call) => {
	const tenant = await tenantId(call.context, call.database, call.itemIndex);
	return await addDefaults(call.database, tenant, actorOf(call.context));
};
