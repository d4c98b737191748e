import { requeueJob } from '../../../../core/jobs';
import { actorOf, requiredText, showFor, tenantField, tenantId, type Operation } from '../../../shared';

export const description: Operation['description'] = showFor({ resource: ['backgroundJob'], operation: ['requeue'] }, [
	tenantField(),
	{
		displayName: 'Job ID',
		name: 'jobId',
		type: 'string',
		required: true,
		default: '',
		description: 'The ID that Get Many shows',
	},
]);

export const execute: Operation['execute'] = async (call) => {
	const tenant = await tenantId(call.context, call.database, call.itemIndex);
	const jobId = requiredText(call, 'jobId');
	return { jobId, requeued: await requeueJob(call.database, tenant, jobId, actorOf(call.context)) };
};
