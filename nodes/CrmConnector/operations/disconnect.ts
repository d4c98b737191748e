import { disconnectCrm } from '../../../core/crm';
import { actorOf, locatorId, showFor, tenantField, tenantId, type Operation } from '../../shared';
import { crmField } from '../fields';
import { crmPorts } from '../ports';

export const description: Operation['description'] = showFor({ operation: ['disconnect'] }, [
	tenantField(),
	crmField(),
]);

export const execute: Operation['execute'] = async ({ context, database, itemIndex }) => {
	const tenant = await tenantId(context, database, itemIndex);
	const id = locatorId(context, 'crm', itemIndex);
	const done = await disconnectCrm(database, tenant, id, await crmPorts(context), actorOf(context));
	return { tenantId: tenant, id, ...done };
};
