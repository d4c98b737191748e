import { listPrivacyRequests } from '../../../../core/privacy';
import { limitField, showFor, tenantField, tenantId, type Operation } from '../../../shared';
import { toItems } from '../../../shared/rows';
import { limitOf } from '../../../shared/text';

export const description: Operation['description'] = showFor({ resource: ['privacy'], operation: ['getReceipts'] }, [
	tenantField(),
	limitField(),
]);

export const execute: Operation['execute'] = async (call) => {
	const tenant = await tenantId(call.context, call.database, call.itemIndex);
	return toItems(await listPrivacyRequests(call.database, tenant, limitOf(call)));
};
