import { activatePersona } from '../../../../core/leads';
import { actorOf, showFor, tenantField, tenantId, type Operation } from '../../../shared';
import { versionField, versionOf } from './fields';

export const description: Operation['description'] = showFor({ resource: ['persona'], operation: ['activate'] }, [
	tenantField(),
	{ ...versionField, typeOptions: { minValue: 1 }, default: 1, description: 'Number of the version' },
]);

export const execute: Operation['execute'] = async (call) => {
	const tenant = await tenantId(call.context, call.database, call.itemIndex);
	return {
		tenantId: tenant,
		...(await activatePersona(call.database, tenant, versionOf(call) ?? 0, actorOf(call.context))),
	};
};
