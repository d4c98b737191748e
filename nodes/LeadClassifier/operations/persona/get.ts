import { readPersona } from '../../../../core/leads';
import { showFor, tenantField, tenantId, type Operation } from '../../../shared';
import { toItem } from '../../../shared/rows';
import { versionField, versionOf } from './fields';

export const description: Operation['description'] = showFor({ resource: ['persona'], operation: ['get'] }, [
	tenantField(),
	versionField,
]);

export const execute: Operation['execute'] = async (call) => {
	const tenant = await tenantId(call.context, call.database, call.itemIndex);
	return toItem(await readPersona(call.database, tenant, versionOf(call)));
};
