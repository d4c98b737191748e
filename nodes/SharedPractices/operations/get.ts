import { readPractices } from '../../../core/practices';
import { inTenant } from '../../../core/tenancy';
import { showFor, tenantField, tenantId, type Operation } from '../../shared';

export const description: Operation['description'] = showFor({ operation: ['get'] }, [tenantField()]);

export const execute: Operation['execute'] = async ({ context, database, itemIndex }) => {
	const tenant = await tenantId(context, database, itemIndex);
	return { tenantId: tenant, ...(await inTenant(database, tenant, readPractices)) };
};
