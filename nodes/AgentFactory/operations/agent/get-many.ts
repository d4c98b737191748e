import { listAgents } from '../../../../core/agents';
import { limitField, showFor, tenantField, tenantId, type Operation } from '../../../shared';
import { toItems } from '../../../shared/rows';
import { limitOf, textOf } from '../../../shared/text';
import { searchField } from '../../fields';

export const description: Operation['description'] = showFor({ resource: ['agent'], operation: ['getMany'] }, [
	tenantField(),
	searchField('Part of the name; empty for all'),
	limitField(),
]);

export const whenEmpty =
	'This tenant has no agent yet. Make one with Agent > Create, then give it a version with the Agent Compiler.';

export const execute: Operation['execute'] = async (call) => {
	const tenant = await tenantId(call.context, call.database, call.itemIndex);
	return toItems(await listAgents(call.database, tenant, { search: textOf(call, 'search'), limit: limitOf(call) }));
};
