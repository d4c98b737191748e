import { readLeadSettings } from '../../../../core/leads';
import { showFor, tenantField, tenantId, type Operation } from '../../../shared';

export const description: Operation['description'] = showFor({ resource: ['settings'], operation: ['get'] }, [
	tenantField(),
]);

export const execute: Operation['execute'] = async ({ context, database, itemIndex }) => {
	const tenant = await tenantId(context, database, itemIndex);
	return { tenantId: tenant, ...(await readLeadSettings(database, tenant)) };
};
