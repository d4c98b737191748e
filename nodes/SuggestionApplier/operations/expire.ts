import { expireSuggestions } from '../../../core/improvement';
import { type Operation, showFor, tenantField, tenantId } from '../../shared';

export const description: Operation['description'] = showFor({ operation: ['expire'] }, [tenantField()]);

export const execute: Operation['execute'] = async (call) => {
	const tenant = await tenantId(call.context, call.database, call.itemIndex);
	const expired = await expireSuggestions(call.database, tenant);
	return { tenantId: tenant, expired: expired.length, ids: expired };
};
