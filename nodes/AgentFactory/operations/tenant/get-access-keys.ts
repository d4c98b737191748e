import { listAccessKeys } from '../../../../core/tenancy';
import { showFor, tenantField, tenantId, type Operation } from '../../../shared';
import { toItems } from '../../../shared/rows';

export const description: Operation['description'] = showFor({ resource: ['tenant'], operation: ['getAccessKeys'] }, [
	tenantField(),
]);

export const whenEmpty = 'This tenant has no access keys. Make one with Tenant > Create Access Key.';

export const execute: Operation['execute'] = async (call) => {
	const tenant = await tenantId(call.context, call.database, call.itemIndex);
	return toItems(await listAccessKeys(call.database, tenant));
};
