import { assignByRules } from '../../../../core/crm';
import { actorOf, fromItem, requiredText, showFor, tenantField, tenantId, type Operation } from '../../../shared';

export const description: Operation['description'] = showFor({ resource: ['assignment'], operation: ['assignNow'] }, [
	tenantField(),
	{
		displayName: 'Lead ID',
		name: 'leadId',
		type: 'string',
		required: true,
		default: fromItem('leadId'),
		description: 'The lead, as an import or a notice names it',
	},
]);

export const execute: Operation['execute'] = async (call) => {
	const { context, itemIndex, database } = call;
	const tenant = await tenantId(context, database, itemIndex);
	return await assignByRules(database, tenant, requiredText(call, 'leadId'), actorOf(context));
};
