import { listIntegrations } from '../../../core/crm';
import { showFor, tenantField, tenantId, type Operation } from '../../shared';
import { toItems } from '../../shared/rows';

export const description: Operation['description'] = showFor({ operation: ['getIntegrations'] }, [
	tenantField(),
	{
		displayName: 'Disconnected Too',
		name: 'disconnectedToo',
		type: 'boolean',
		default: false,
		description: 'Whether to list CRMs that were disconnected as well',
	},
]);

export const execute: Operation['execute'] = async ({ context, database, itemIndex }) => {
	const tenant = await tenantId(context, database, itemIndex);
	const disconnectedToo = context.getNodeParameter('disconnectedToo', itemIndex, false) as boolean;
	return toItems(await listIntegrations(database, tenant, { disconnectedToo }));
};
