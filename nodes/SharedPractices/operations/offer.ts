import { offerPractices } from '../../../core/practices';
import { showFor, tenantField, tenantId, type Operation } from '../../shared';
import { languageField, languageOf } from '../fields';

export const description: Operation['description'] = showFor({ operation: ['offer'] }, [tenantField(), languageField]);

export const execute: Operation['execute'] = async (call) => {
	const tenant = await tenantId(call.context, call.database, call.itemIndex);
	return await offerPractices(call.database, tenant, languageOf(call));
};

export const whenEmpty =
	'Nothing to offer: the tenant has not agreed to receive, does it all already, or has an offer or a roll-out that waits.';
