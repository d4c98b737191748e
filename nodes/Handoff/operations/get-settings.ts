import { getHandoffSettings } from '../../../core/handoff';
import { showFor, tenantField, tenantId, type Operation } from '../../shared';

export const description: Operation['description'] = showFor({ operation: ['getSettings'] }, [tenantField()]);

export const execute: Operation['execute'] = async (call) => {
	const tenant = await tenantId(call.context, call.database, call.itemIndex);
	return { tenantId: tenant, ...(await getHandoffSettings(call.database, tenant)) };
};
