import { importRows } from '../../../core/crm';
import { actorOf, showFor, tenantField, tenantId, type Operation } from '../../shared';
import { cellsOf, listFields, rowOptions } from '../fields';

export const description: Operation['description'] = showFor({ operation: ['importItems'] }, [
	tenantField(),
	...listFields,
]);

export const execute: Operation['execute'] = async (call) => {
	const { context, itemIndex, database } = call;
	const tenant = await tenantId(context, database, itemIndex);
	const row = { line: itemIndex + 1, fields: cellsOf(context, itemIndex) };
	const done = await importRows(database, tenant, [row], rowOptions(call), actorOf(context));
	return {
		tenantId: tenant,
		leadId: done.leadIds[0] ?? null,
		imported: done.imported === 1,
		known: done.known === 1,
		problem: done.problems[0]?.reason ?? null,
	};
};
