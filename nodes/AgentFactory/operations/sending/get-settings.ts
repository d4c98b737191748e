import { getSendingSettings } from '../../../../core/outbox';
import { showFor, tenantField, tenantId, type Operation } from '../../../shared';
import { toItem } from '../../../shared/rows';

export const description: Operation['description'] = showFor({ resource: ['sending'], operation: ['getSettings'] }, [
	tenantField(),
]);

export const execute: Operation['execute'] = async ({ context, itemIndex, database }) => {
	const tenant = await tenantId(context, database, itemIndex);
	return { tenantId: tenant, ...toItem(await getSendingSettings(database, tenant)) };
};
