import { enableEndpoint } from '../../../../core/notifications';
import { actorOf, locatorId, showFor, tenantField, tenantId, type Operation } from '../../../shared';
import { endpointField } from './fields';

export const description: Operation['description'] = showFor(
	{ resource: ['notification'], operation: ['enableEndpoint'] },
	[tenantField(), endpointField],
);

export const execute: Operation['execute'] = async ({ context, itemIndex, database }) => {
	const tenant = await tenantId(context, database, itemIndex);
	const endpointId = locatorId(context, 'endpointId', itemIndex);
	return { id: endpointId, enabled: await enableEndpoint(database, tenant, endpointId, actorOf(context)) };
};
