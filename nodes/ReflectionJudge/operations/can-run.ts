import { canRunReflection } from '../../../core/reflection';
import { showFor, tenantId, type Operation } from '../../shared';
import { targetFields, targetOf } from '../fields';

export const description: Operation['description'] = showFor({ operation: ['canRun'] }, targetFields());

export const execute: Operation['execute'] = async ({ context, itemIndex, database }) => {
	const tenant = await tenantId(context, database, itemIndex);
	return { tenantId: tenant, ...(await canRunReflection(database, tenant, targetOf(context, itemIndex))) };
};
