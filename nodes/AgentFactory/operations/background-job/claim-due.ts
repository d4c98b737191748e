import { claimJobs, JOB_LEASE_SECONDS, MAX_JOB_CLAIM } from '../../../../core/jobs';
import { limitField, limitOf, requiredText, showFor, WORKER_ID, type Operation } from '../../../shared';

export const description: Operation['description'] = showFor({ resource: ['backgroundJob'], operation: ['claimDue'] }, [
	{
		displayName: 'Type',
		name: 'jobType',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'own.report',
		description: 'Which jobs to take, of all tenants; of your own types: those of the pack are run by its nodes',
	},
	limitField({ default: 10, description: `Max number of jobs to take, up to ${MAX_JOB_CLAIM}` }),
	{
		displayName: 'Lease Seconds',
		name: 'leaseSeconds',
		type: 'number',
		typeOptions: { minValue: 10, maxValue: 3600 },
		default: JOB_LEASE_SECONDS * 5,
		description: 'How long the work may take; after it another execution takes the job',
	},
]);

export const execute: Operation['execute'] = async (call) => {
	const leaseSeconds = call.context.getNodeParameter('leaseSeconds', call.itemIndex) as number;
	const options = { workerId: WORKER_ID, types: [requiredText(call, 'jobType')], limit: limitOf(call), leaseSeconds };
	return await claimJobs(call.database, options);
};
