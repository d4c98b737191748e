import { assignByRules } from '../../../../core/crm';
import {
	actorOf,
	fromItem,
	leadField,
	locatorId,
	showFor,
	tenantField,
	tenantId,
	type Operation,
} from '../../../shared';

export const description: Operation['description'] = showFor({ resource: ['assignment'], operation: ['assignNow'] }, [
	tenantField(),
	leadField({
		...{ name: 'leadId', default: fromItem('leadId') },
		description: 'The lead: picked by name, or as an import or a notice names it',
	}),
]);

export const execute: Operation['execute'] = async (call) => {
	const { context, itemIndex, database } = call;
	const tenant = await tenantId(context, database, itemIndex);
	return await assignByRules(database, tenant, locatorId(context, 'leadId', itemIndex), actorOf(context));
};
