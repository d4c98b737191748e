import { listEndpoints } from '../../../../core/notifications';
import { limitField, limitOf, showFor, tenantField, tenantId, toItems, type Operation } from '../../../shared';

export const description: Operation['description'] = showFor(
	{ resource: ['notification'], operation: ['getEndpoints'] },
	[tenantField(), limitField()],
);

export const execute: Operation['execute'] = async (call) => {
	const { context, itemIndex, database } = call;
	return toItems(await listEndpoints(database, await tenantId(context, database, itemIndex), limitOf(call)));
};
