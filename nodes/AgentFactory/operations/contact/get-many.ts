import { listContacts } from '../../../../core/conversations';
import { limitField, showFor, tenantField, tenantId, type Operation } from '../../../shared';
import { toItems } from '../../../shared/rows';
import { limitOf, textOf } from '../../../shared/text';
import { searchField } from '../../fields';

export const description: Operation['description'] = showFor({ resource: ['contact'], operation: ['getMany'] }, [
	tenantField(),
	searchField('Part of the name, user name or phone number; empty for all'),
	limitField(),
]);

export const execute: Operation['execute'] = async (call) => {
	const tenant = await tenantId(call.context, call.database, call.itemIndex);
	return toItems(await listContacts(call.database, tenant, { search: textOf(call, 'search'), limit: limitOf(call) }));
};
