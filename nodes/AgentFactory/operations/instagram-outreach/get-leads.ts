import { listInstagramLeads } from '../../../../core/leads';
import { limitField, showFor, tenantField, tenantId, type Operation } from '../../../shared';
import { toItems } from '../../../shared/rows';
import { limitOf, textOf } from '../../../shared/text';
import { searchField } from '../../fields';
import { tagsOf } from './fields';

export const description: Operation['description'] = showFor(
	{ resource: ['instagramOutreach'], operation: ['getLeads'] },
	[
		tenantField(),
		searchField('Part of the username or name; empty for all'),
		{
			displayName: 'Tags',
			name: 'tags',
			type: 'string',
			default: '',
			description: 'Only leads with one of these tags, separated by commas; empty for all',
		},
		limitField(),
	],
);

export const execute: Operation['execute'] = async (call) => {
	const tenant = await tenantId(call.context, call.database, call.itemIndex);
	const options = { search: textOf(call, 'search'), tags: tagsOf(textOf(call, 'tags')), limit: limitOf(call) };
	return toItems(await listInstagramLeads(call.database, tenant, options));
};
