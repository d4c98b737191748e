import { assignLead } from '../../../../core/crm';
import { actorOf, locatorId, showFor, tenantField, tenantId, type Operation } from '../../../shared';
import { isPicked } from '../../../shared/text';
import { leadField, memberField } from '../../fields';

export const description: Operation['description'] = showFor({ resource: ['lead'], operation: ['assign'] }, [
	tenantField(),
	leadField(),
	memberField("Who takes the lead; empty puts it back into nobody's hands"),
]);

export const execute: Operation['execute'] = async ({ context, database, itemIndex }) => {
	const tenant = await tenantId(context, database, itemIndex);
	const member = isPicked(context.getNodeParameter('member', itemIndex, ''));
	return await assignLead(
		database,
		tenant,
		{
			leadId: locatorId(context, 'lead', itemIndex),
			userId: member ? locatorId(context, 'member', itemIndex) : null,
		},
		actorOf(context),
	);
};
