import { remoteStages } from '../../../core/crm';
import { locatorId, showFor, tenantField, tenantId, type Operation } from '../../shared';
import { crmField } from '../fields';
import { crmPorts } from '../ports';

export const description: Operation['description'] = showFor({ operation: ['getRemoteStages'] }, [
	tenantField(),
	crmField(),
]);

export const execute: Operation['execute'] = async ({ context, database, itemIndex }) => {
	const tenant = await tenantId(context, database, itemIndex);
	return await remoteStages(database, tenant, locatorId(context, 'crm', itemIndex), await crmPorts(context));
};
