import { listVoiceConfigs } from '../../../core/crm';
import { showFor, tenantField, tenantId, type Operation } from '../../shared';

export const description: Operation['description'] = showFor({ operation: ['getConfigs'] }, [tenantField()]);

export const execute: Operation['execute'] = async ({ context, itemIndex, database }) =>
	await listVoiceConfigs(database, await tenantId(context, database, itemIndex));
