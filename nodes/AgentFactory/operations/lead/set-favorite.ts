import { setFavoriteLead } from '../../../../core/crm';
import { actorOf, locatorId, showFor, tenantField, tenantId, type Operation } from '../../../shared';
import { leadField } from '../../fields';

export const description: Operation['description'] = showFor({ resource: ['lead'], operation: ['setFavorite'] }, [
	tenantField(),
	leadField(),
	{
		displayName: 'Favorite',
		name: 'isFavorite',
		type: 'boolean',
		default: true,
		description: 'Whether the lead is marked',
	},
]);

export const execute: Operation['execute'] = async ({ context, database, itemIndex }) => {
	const tenant = await tenantId(context, database, itemIndex);
	const leadId = locatorId(context, 'lead', itemIndex);
	const isFavorite = context.getNodeParameter('isFavorite', itemIndex) as boolean;
	return await setFavoriteLead(database, tenant, { leadId, isFavorite }, actorOf(context));
};
