import { runStatus } from '../../../../core/leads';
import { fromItem, showFor, tenantField, tenantId, type Operation } from '../../../shared';
import { requiredRunId, runIdField } from './fields';

export const description: Operation['description'] = showFor(
	{ resource: ['instagramOutreach'], operation: ['getRun'] },
	[tenantField(), runIdField({ default: fromItem('runId'), description: 'The number that Start Run told' })],
);

export const execute: Operation['execute'] = async (call) => {
	const tenant = await tenantId(call.context, call.database, call.itemIndex);
	return await runStatus(call.database, tenant, requiredRunId(call));
};
