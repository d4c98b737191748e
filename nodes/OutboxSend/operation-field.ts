import type { INodeProperties } from 'n8n-workflow';

/** What the node can do, in the order of the list. */
export const operationField: INodeProperties = {
	displayName: 'Operation',
	name: 'operation',
	type: 'options',
	noDataExpression: true,
	options: [
		{
			name: 'Deliver Due',
			value: 'deliverDue',
			action: 'Deliver due messages',
			description: 'Send what waits in the outbox, of all tenants; nothing comes out when nothing is due',
		},
		{
			name: 'Enqueue Reply',
			value: 'enqueueReply',
			action: 'Enqueue the reply of a turn',
			description: 'End a leased turn and write its reply to the outbox, in one transaction',
		},
		{
			name: 'List Unknown',
			value: 'listUnknown',
			action: 'List sends of unknown outcome',
			description: 'Sends of which nobody knows whether Meta took them',
		},
		{
			name: 'Send Message',
			value: 'sendMessage',
			action: 'Send a message',
			description: 'Write a text to a conversation now, without a turn',
		},
		{
			name: 'Send Private Reply',
			value: 'sendPrivateReply',
			action: 'Answer a comment in private',
			description: 'Write to who commented on Instagram or Facebook: once a comment, within 7 days',
		},
		{
			name: 'Send Template',
			value: 'sendTemplate',
			action: 'Send a template',
			description: 'Send an approved template to a conversation; works outside the 24-hour window',
		},
		{
			name: 'Settle Unknown',
			value: 'settleUnknown',
			action: 'Settle a send of unknown outcome',
			description: 'Say what became of such a send',
		},
	],
	default: 'enqueueReply',
};
