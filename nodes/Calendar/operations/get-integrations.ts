import { listCalendars, type ProviderName } from '../../../core/crm';
import { showFor, tenantField, tenantId, toItems, type Operation } from '../../shared';
import { textOf } from '../../shared/text';
import { providerField } from '../fields';

export const description: Operation['description'] = showFor({ operation: ['getIntegrations'] }, [
	tenantField(),
	{ ...providerField, description: 'Only calendars of this service' },
]);

export const execute: Operation['execute'] = async (call) => {
	const tenant = await tenantId(call.context, call.database, call.itemIndex);
	const provider = textOf(call, 'provider') as ProviderName | undefined;
	return toItems(await listCalendars(call.database, tenant, provider));
};
