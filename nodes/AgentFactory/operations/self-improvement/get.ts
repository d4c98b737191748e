import { readLoopSettings } from '../../../../core/reflection';
import { showFor, tenantField, tenantId, type Operation } from '../../../shared';
import { textOf } from '../../../shared/text';
import { versionField } from './fields';

export const description: Operation['description'] = showFor({ resource: ['selfImprovement'], operation: ['get'] }, [
	tenantField(),
	versionField,
]);

export const execute: Operation['execute'] = async (call) => {
	const tenant = await tenantId(call.context, call.database, call.itemIndex);
	const settings = await readLoopSettings(call.database, tenant, textOf(call, 'agentVersionId') ?? null);
	return { tenantId: tenant, ...settings };
};
