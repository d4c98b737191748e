import { closeCallTask } from '../../../core/crm';
import { actorOf, locatorId, showFor, tenantField, tenantId, type Operation } from '../../shared';
import { textOf } from '../../shared/text';

export const description: Operation['description'] = showFor({ operation: ['completeTask'] }, [
	tenantField(),
	{
		displayName: 'Task ID',
		name: 'task',
		type: 'string',
		required: true,
		default: '={{ $json.id }}',
		description: 'The task, from Get Tasks',
	},
	{
		displayName: 'Outcome',
		name: 'status',
		type: 'options',
		options: [
			{ name: 'Cancelled', value: 'cancelled', description: 'No call is needed any more' },
			{ name: 'Done', value: 'done', description: 'The contact was called' },
		],
		default: 'done',
		description: 'How the task ends',
	},
	{
		displayName: 'Note',
		name: 'outcome',
		type: 'string',
		default: '',
		description: 'What came of it, up to 500 characters',
	},
]);

export const execute: Operation['execute'] = async (call) => {
	const { context, itemIndex, database } = call;
	const id = locatorId(context, 'task', itemIndex);
	const closed = await closeCallTask(database, await tenantId(context, database, itemIndex), {
		id,
		status: context.getNodeParameter('status', itemIndex) as 'done' | 'cancelled',
		outcome: textOf(call, 'outcome'),
		person: actorOf(context),
	});
	return { taskId: id, closed };
};
