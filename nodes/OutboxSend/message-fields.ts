import type { INodeProperties } from 'n8n-workflow';
import { fromItem, locatorField, tenantField } from '../shared';

/** To whom, for the operations that write without a turn. */
export const recipientFields: INodeProperties[] = [
	tenantField({ default: fromItem('tenantId') }),
	locatorField({
		displayName: 'Conversation',
		name: 'conversation',
		description: 'The conversation to write to',
		searchMethod: 'searchConversations',
		default: fromItem('conversationId'),
	}),
];

export const idempotencyField: INodeProperties = {
	displayName: 'Idempotency Key',
	name: 'idempotencyKey',
	type: 'string',
	required: true,
	default: '={{ $execution.id }}/{{ $nodeId }}/{{ $runIndex }}/{{ $itemIndex }}',
	description:
		'A message with a key that was used before is not sent again; the default makes a repeated try of this node harmless',
};

export const authorField: INodeProperties = {
	displayName: 'Author',
	name: 'author',
	type: 'options',
	options: [
		{ name: 'Person', value: 'human', description: 'Shown in the history as written by the team' },
		{
			name: 'System',
			value: 'system',
			description: 'What an automation starts by itself: needs consent, has caps, and can be stopped',
		},
	],
	default: 'human',
	description: 'Who the history says wrote it',
};

export const fallbackField: INodeProperties = {
	displayName: 'Fallback Template',
	name: 'fallbackCategory',
	type: 'options',
	options: [
		{ name: 'Follow-Up', value: 'follow-up', description: 'To take a conversation up again' },
		{ name: 'Reminder', value: 'reminder', description: 'About an appointment' },
		{ name: 'Window', value: 'window', description: 'Says that an answer waits' },
	],
	default: 'window',
	description:
		'Which kind of approved template goes out in its place when WhatsApp takes no free text any more; it needs no values beyond names',
};
