import { listTemplates } from '../../../../core/outbox';
import { limitField, showFor, tenantField, tenantId, type Operation } from '../../../shared';
import { toItems } from '../../../shared/rows';
import { limitOf, textOf } from '../../../shared/text';
import { searchField } from '../../fields';

export const description: Operation['description'] = showFor({ resource: ['template'], operation: ['getMany'] }, [
	tenantField(),
	searchField('Part of the name; empty for all'),
	limitField(),
]);

export const whenEmpty =
	'No template fits. Agent Factory > Tenant > Add Defaults brings the eight that every tenant begins with.';

export const execute: Operation['execute'] = async (call) => {
	const tenant = await tenantId(call.context, call.database, call.itemIndex);
	return toItems(await listTemplates(call.database, tenant, { search: textOf(call, 'search'), limit: limitOf(call) }));
};
