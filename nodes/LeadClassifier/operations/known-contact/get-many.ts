import { listKnownContacts } from '../../../../core/leads';
import { limitField, limitOf, showFor, tenantField, tenantId, toItems, type Operation } from '../../../shared';
import { textOf } from '../../../shared/text';

export const description: Operation['description'] = showFor({ resource: ['knownContact'], operation: ['getMany'] }, [
	tenantField(),
	{
		displayName: 'Search',
		name: 'search',
		type: 'string',
		default: '',
		description: 'Part of the name, number or username; empty for all',
	},
	limitField(),
]);

export const execute: Operation['execute'] = async (call) => {
	const tenant = await tenantId(call.context, call.database, call.itemIndex);
	const options = { search: textOf(call, 'search'), limit: limitOf(call) };
	return toItems(await listKnownContacts(call.database, tenant, options));
};
