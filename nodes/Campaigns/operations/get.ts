import { getCampaign } from '../../../core/crm';
import { locatorId, showFor, tenantField, tenantId, type Operation } from '../../shared';
import { toItem } from '../../shared/rows';
import { campaignField } from '../fields';

export const description: Operation['description'] = showFor({ operation: ['get'] }, [tenantField(), campaignField]);

export const execute: Operation['execute'] = async ({ context, itemIndex, database }) => {
	const tenant = await tenantId(context, database, itemIndex);
	return toItem(await getCampaign(database, tenant, locatorId(context, 'campaign', itemIndex)));
};
