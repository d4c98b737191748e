import { listMoves } from '../../../../core/crm';
import { limitField, locatorId, showFor, tenantField, tenantId, type Operation } from '../../../shared';
import { toItems } from '../../../shared/rows';
import { isPicked, limitOf } from '../../../shared/text';
import { leadField } from '../../fields';

export const description: Operation['description'] = showFor({ resource: ['pipeline'], operation: ['getMoves'] }, [
	tenantField(),
	leadField({ required: false, description: 'Moves of this lead only; empty for all' }),
	limitField(),
]);

export const execute: Operation['execute'] = async (call) => {
	const { context, database, itemIndex } = call;
	const tenant = await tenantId(context, database, itemIndex);
	const leadId = isPicked(context.getNodeParameter('lead', itemIndex, ''))
		? locatorId(context, 'lead', itemIndex)
		: undefined;
	return toItems(await listMoves(database, tenant, { leadId, limit: limitOf(call) }));
};
