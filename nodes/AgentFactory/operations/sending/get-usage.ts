import { getMessageUsage } from '../../../../core/outbox';
import { limitField, showFor, tenantField, tenantId, type Operation } from '../../../shared';
import { limitOf } from '../../../shared/text';

export const description: Operation['description'] = showFor({ resource: ['sending'], operation: ['getUsage'] }, [
	tenantField(),
	limitField(),
]);

export const execute: Operation['execute'] = async (call) => {
	const tenant = await tenantId(call.context, call.database, call.itemIndex);
	const rows = await getMessageUsage(call.database, tenant, limitOf(call));
	return rows.map((row) => ({ tenantId: tenant, ...row }));
};
