import { enqueueJob } from '../../../../core/jobs';
import { actorOf, requiredText, showFor, tenantField, tenantId, type Operation } from '../../../shared';
import { textOf, timeOf } from '../../../shared/text';
import { jobPayload } from './fields';

export const description: Operation['description'] = showFor({ resource: ['backgroundJob'], operation: ['enqueue'] }, [
	tenantField(),
	{
		displayName: 'Type',
		name: 'jobType',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'own.report',
		description: 'What kind of work it is, in lower case; Claim Due takes jobs by it',
	},
	{
		displayName: 'Key',
		name: 'jobKey',
		type: 'string',
		required: true,
		default: '',
		placeholder: '2026-11',
		description:
			'Of one type and key there is one job: the same again returns the one that is there, whatever became of it',
	},
	{
		displayName: 'Payload',
		name: 'payload',
		type: 'json',
		default: '{}',
		description: 'What the work needs to know: ids rather than words of a customer',
	},
	{
		displayName: 'Due At',
		name: 'dueAt',
		type: 'dateTime',
		default: '',
		description: 'When to do it; empty for now',
	},
]);

export const execute: Operation['execute'] = async (call) => {
	const { context, itemIndex, database } = call;
	const tenant = await tenantId(context, database, itemIndex);
	const due = timeOf('dueAt', context.getNodeParameter('dueAt', itemIndex, ''));
	const job = {
		type: textOf(call, 'jobType') ?? requiredText(call, 'jobType'),
		key: requiredText(call, 'jobKey'),
		payload: jobPayload(context.getNodeParameter('payload', itemIndex, '{}')),
		at: due === undefined ? null : new Date(due),
	};
	return await enqueueJob(database, tenant, job, actorOf(context));
};
