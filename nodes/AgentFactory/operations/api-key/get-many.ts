import { listApiKeys } from '../../../../core/tenancy';
import { showFor, tenantField, tenantId, type Operation } from '../../../shared';
import { toItems } from '../../../shared/rows';

export const description: Operation['description'] = showFor({ resource: ['apiKey'], operation: ['getMany'] }, [
	tenantField(),
]);

export const execute: Operation['execute'] = async (call) => {
	const tenant = await tenantId(call.context, call.database, call.itemIndex);
	return toItems(await listApiKeys(call.database, tenant));
};
