import { settleJob, type JobOutcome } from '../../../../core/jobs';
import { requiredText, showFor, type Operation } from '../../../shared';
import { textOf } from '../../../shared/text';
import { jobPayload } from './fields';

const ends = (outcome: JobOutcome['outcome']) => ({ show: { outcome: [outcome] } });

export const description: Operation['description'] = showFor({ resource: ['backgroundJob'], operation: ['settle'] }, [
	{
		displayName: 'Tenant ID',
		name: 'jobTenantId',
		type: 'string',
		required: true,
		default: '={{ $json.tenantId }}',
		description: 'As Claim Due gave it',
	},
	{
		displayName: 'Job ID',
		name: 'jobId',
		type: 'string',
		required: true,
		default: '={{ $json.jobId }}',
		description: 'As Claim Due gave it',
	},
	{
		displayName: 'Lease Token',
		name: 'leaseToken',
		type: 'number',
		required: true,
		default: '={{ $json.leaseToken }}',
		description: 'As Claim Due gave it: who lost the lease settles nothing',
	},
	{
		displayName: 'Outcome',
		name: 'outcome',
		type: 'options',
		options: [
			{ name: 'Completed', value: 'completed' },
			{ name: 'Failed', value: 'failed', description: 'Given up; a person may requeue it' },
			{ name: 'Try Again', value: 'retry', description: 'Due again after a pause, up to the attempts it has' },
		],
		default: 'completed',
		description: 'How the work ended',
	},
	{
		displayName: 'Result',
		name: 'result',
		type: 'json',
		default: '{}',
		displayOptions: ends('completed'),
		description: 'What came of it',
	},
	{
		displayName: 'Error',
		name: 'error',
		type: 'string',
		default: '',
		displayOptions: { show: { outcome: ['failed', 'retry'] } },
		description: 'What went wrong, without words of a customer',
	},
	{
		displayName: 'Pause (Seconds)',
		name: 'delaySeconds',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: 60,
		displayOptions: ends('retry'),
		description: 'When to try again',
	},
]);

export const execute: Operation['execute'] = async (call) => {
	const { context, itemIndex, database } = call;
	const lease = {
		tenantId: requiredText(call, 'jobTenantId'),
		jobId: requiredText(call, 'jobId'),
		leaseToken: Number(context.getNodeParameter('leaseToken', itemIndex)),
	};
	return { jobId: lease.jobId, status: await settleJob(database, lease, outcomeOf(call)) };
};

function outcomeOf(call: Parameters<Operation['execute']>[0]): JobOutcome {
	const { context, itemIndex } = call;
	const outcome = context.getNodeParameter('outcome', itemIndex) as JobOutcome['outcome'];
	if (outcome === 'completed')
		return { outcome, result: jobPayload(context.getNodeParameter('result', itemIndex, '{}')) };
	const error = textOf(call, 'error') ?? 'no reason was given';
	if (outcome === 'failed') return { outcome, error };
	return { outcome, error, delaySeconds: context.getNodeParameter('delaySeconds', itemIndex) as number };
}
