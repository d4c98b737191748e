import { listMarketingIntegrations } from '../../../core/crm';
import { showFor, tenantField, tenantId, toItems, type Operation } from '../../shared';

export const description: Operation['description'] = showFor({ operation: ['getIntegrations'] }, [tenantField()]);

export const execute: Operation['execute'] = async ({ context, itemIndex, database }) =>
	toItems(await listMarketingIntegrations(database, await tenantId(context, database, itemIndex)));
