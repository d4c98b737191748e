import { listMembers } from '../../../../core/tenancy';
import { showFor, tenantField, tenantId, type Operation } from '../../../shared';
import { toItems } from '../../../shared/rows';

export const description: Operation['description'] = showFor({ resource: ['member'], operation: ['getMany'] }, [
	tenantField(),
]);

export const whenEmpty =
	'Nobody works for this tenant yet. Add people with Member > Save: they are told of hand-overs and may approve changes.';

export const execute: Operation['execute'] = async (call) => {
	const tenant = await tenantId(call.context, call.database, call.itemIndex);
	return toItems(await listMembers(call.database, tenant));
};
