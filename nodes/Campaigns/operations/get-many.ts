import { listCampaigns } from '../../../core/crm';
import { limitField, limitOf, showFor, tenantField, tenantId, toItems, type Operation } from '../../shared';

export const description: Operation['description'] = showFor({ operation: ['getMany'] }, [tenantField(), limitField()]);

export const execute: Operation['execute'] = async (call) => {
	const tenant = await tenantId(call.context, call.database, call.itemIndex);
	return toItems(await listCampaigns(call.database, tenant, limitOf(call)));
};
