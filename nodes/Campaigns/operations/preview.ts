import { previewCampaign } from '../../../core/crm';
import { showFor, tenantField, tenantId, type Operation } from '../../shared';
import { audienceField, audienceOf } from '../audience';

export const description: Operation['description'] = showFor({ operation: ['preview'] }, [
	tenantField(),
	audienceField,
]);

export const execute: Operation['execute'] = async (call) => {
	const tenant = await tenantId(call.context, call.database, call.itemIndex);
	return { tenantId: tenant, ...(await previewCampaign(call.database, tenant, audienceOf(call))) };
};
