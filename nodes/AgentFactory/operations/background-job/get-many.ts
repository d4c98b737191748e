import { listJobs } from '../../../../core/jobs';
import { limitField, showFor, tenantField, tenantId, type Operation } from '../../../shared';
import { toItems } from '../../../shared/rows';
import { limitOf, textOf } from '../../../shared/text';

export const description: Operation['description'] = showFor({ resource: ['backgroundJob'], operation: ['getMany'] }, [
	tenantField(),
	{
		displayName: 'Status',
		name: 'jobStatus',
		type: 'options',
		options: [
			{ name: 'Any', value: '' },
			{ name: 'Completed', value: 'completed' },
			{ name: 'Failed', value: 'failed' },
			{ name: 'Queued', value: 'queued' },
			{ name: 'Running', value: 'running' },
		],
		default: '',
		description: 'Only jobs in this state',
	},
	{
		displayName: 'Type',
		name: 'jobType',
		type: 'string',
		default: '',
		placeholder: 'crm.deal',
		description: 'Only jobs of this type; empty for all',
	},
	limitField(),
]);

export const execute: Operation['execute'] = async (call) => {
	const tenant = await tenantId(call.context, call.database, call.itemIndex);
	const filter = { type: textOf(call, 'jobType'), status: textOf(call, 'jobStatus'), limit: limitOf(call) };
	return toItems(await listJobs(call.database, tenant, filter));
};
