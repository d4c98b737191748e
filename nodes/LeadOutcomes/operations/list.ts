import { listOutcomes } from '../../../core/leads';
import { limitField, limitOf, showFor, tenantField, tenantId, toItems, type Operation } from '../../shared';
import { textOf } from '../../shared/text';
import { leadField } from '../fields';

export const description: Operation['description'] = showFor({ operation: ['list'] }, [
	tenantField(),
	leadField(false),
	limitField(),
]);

export const execute: Operation['execute'] = async (call) => {
	const { context, itemIndex, database } = call;
	const tenant = await tenantId(context, database, itemIndex);
	return toItems(await listOutcomes(database, tenant, { leadId: textOf(call, 'leadId'), limit: limitOf(call) }));
};
