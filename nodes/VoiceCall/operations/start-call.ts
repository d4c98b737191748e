import { startCall } from '../../../core/crm';
import {
	actorOf,
	locatorField,
	locatorId,
	requiredText,
	showFor,
	tenantField,
	tenantId,
	type Operation,
} from '../../shared';
import { textOf } from '../../shared/text';
import { voicePorts } from '../ports';

export const description: Operation['description'] = showFor({ operation: ['startCall'] }, [
	tenantField(),
	locatorField({
		displayName: 'Contact',
		name: 'contact',
		description: 'Who is called; refused where the contact does not want calls',
		searchMethod: 'searchContacts',
	}),
	{
		displayName: "Person's Phone",
		name: 'personPhone',
		type: 'string',
		required: true,
		default: '',
		placeholder: '+5511999990000',
		description: 'Telephone of the person of the tenant: it rings first, then the contact is connected',
	},
	{
		displayName: 'Task ID',
		name: 'taskId',
		type: 'string',
		default: '',
		description: 'The call task that this call answers, where there is one',
	},
	{
		displayName: 'Idempotency Key',
		name: 'key',
		type: 'string',
		default: '',
		description: 'The same key again does not ring twice; empty: one call an execution and item',
	},
]);

export const execute: Operation['execute'] = async (call) => {
	const { context, itemIndex, database } = call;
	return await startCall(
		database,
		await tenantId(context, database, itemIndex),
		{
			contactId: locatorId(context, 'contact', itemIndex),
			personPhone: requiredText(call, 'personPhone'),
			person: actorOf(context),
			taskId: textOf(call, 'taskId'),
			key: textOf(call, 'key') ?? `execution:${context.getExecutionId()}:${itemIndex}`,
		},
		await voicePorts(context),
	);
};
