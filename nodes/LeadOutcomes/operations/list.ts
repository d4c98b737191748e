import { listOutcomes } from '../../../core/leads';
import { limitField, limitOf, showFor, tenantField, tenantId, toItems, type Operation } from '../../shared';
import { pickedId } from '../../shared/text';
import { leadIdField } from '../fields';

export const description: Operation['description'] = showFor({ operation: ['list'] }, [
	tenantField(),
	leadIdField(false),
	limitField(),
]);

export const execute: Operation['execute'] = async (call) => {
	const { context, itemIndex, database } = call;
	const tenant = await tenantId(context, database, itemIndex);
	return toItems(await listOutcomes(database, tenant, { leadId: pickedId(call, 'leadId'), limit: limitOf(call) }));
};
