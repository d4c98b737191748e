import { createCallTask, type CallReason } from '../../../core/crm';
import { actorOf, locatorField, locatorId, showFor, tenantField, tenantId, type Operation } from '../../shared';
import { textOf, timeOf } from '../../shared/text';

export const description: Operation['description'] = showFor({ operation: ['createTask'] }, [
	tenantField(),
	locatorField({
		displayName: 'Contact',
		name: 'contact',
		description: 'Who is to be called',
		searchMethod: 'searchContacts',
	}),
	{
		displayName: 'Reason',
		name: 'reason',
		type: 'options',
		options: [
			{ name: 'Hot Lead', value: 'hot' },
			{ name: 'Missed Call', value: 'missed_call' },
			{ name: 'Requested', value: 'requested' },
		],
		default: 'requested',
		description: 'Why; an open task of the same contact and reason is the one that comes back',
	},
	{
		displayName: 'Due At',
		name: 'dueAt',
		type: 'dateTime',
		default: '',
		description: "When the call is due; empty: as soon as the tenant's settings say",
	},
	{
		displayName: 'Note',
		name: 'note',
		type: 'string',
		default: '',
		description: 'What the call is about, up to 500 characters',
	},
	{
		displayName: 'Idempotency Key',
		name: 'key',
		type: 'string',
		default: '',
		description: 'The same key again is the same task',
	},
]);

export const execute: Operation['execute'] = async (call) => {
	const { context, itemIndex, database } = call;
	return await createCallTask(
		database,
		await tenantId(context, database, itemIndex),
		{
			contactId: locatorId(context, 'contact', itemIndex),
			reason: context.getNodeParameter('reason', itemIndex) as CallReason,
			dueAt: timeOf('dueAt', context.getNodeParameter('dueAt', itemIndex, '')),
			note: textOf(call, 'note'),
			key: textOf(call, 'key'),
		},
		actorOf(context),
	);
};
