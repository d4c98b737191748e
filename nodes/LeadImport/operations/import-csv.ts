import { importCsv } from '../../../core/crm';
import { actorOf, showFor, tenantField, tenantId, type Operation } from '../../shared';
import { csvField, fileOf, listFields, rowOptions } from '../fields';

export const description: Operation['description'] = showFor({ operation: ['importCsv'] }, [
	tenantField(),
	csvField,
	...listFields,
]);

export const execute: Operation['execute'] = async (call) => {
	const { context, itemIndex, database } = call;
	const tenant = await tenantId(context, database, itemIndex);
	const file = await fileOf(call);
	return { tenantId: tenant, ...(await importCsv(database, tenant, file, rowOptions(call), actorOf(context))) };
};
