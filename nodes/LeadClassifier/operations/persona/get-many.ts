import { listPersonas } from '../../../../core/leads';
import { limitField, limitOf, showFor, tenantField, tenantId, toItems, type Operation } from '../../../shared';

export const description: Operation['description'] = showFor({ resource: ['persona'], operation: ['getMany'] }, [
	tenantField(),
	limitField(),
]);

export const execute: Operation['execute'] = async (call) => {
	const tenant = await tenantId(call.context, call.database, call.itemIndex);
	return toItems(await listPersonas(call.database, tenant, limitOf(call)));
};
