import { disconnectCrm } from '../../../core/crm';
import { actorOf, locatorId, showFor, tenantField, tenantId, type Operation } from '../../shared';
import { crmField } from '../fields';

export const description: Operation['description'] = showFor({ operation: ['disconnect'] }, [
	tenantField(),
	crmField(),
]);

export const execute: Operation['execute'] = async ({ context, database, itemIndex }) => {
	const tenant = await tenantId(context, database, itemIndex);
	const id = locatorId(context, 'crm', itemIndex);
	return { tenantId: tenant, id, disconnected: await disconnectCrm(database, tenant, id, actorOf(context)) };
};
