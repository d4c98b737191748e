import type { INodeProperties } from 'n8n-workflow';

/** What the node can do, in the order of the list. */
export const operationField: INodeProperties = {
	displayName: 'Operation',
	name: 'operation',
	type: 'options',
	noDataExpression: true,
	options: [
		{
			name: 'Act',
			value: 'act',
			action: 'Act on the page',
			description: 'Do what a form of the page asks (answer, take, give back, label) and answer the page as it is then',
		},
		{
			name: 'Connect Chatwoot',
			value: 'connectChatwoot',
			action: 'Connect chatwoot',
			description: 'Check and store a tenant’s Chatwoot, and make the address at which it calls back',
		},
		{
			name: 'Create Page Link',
			value: 'createPageLink',
			action: 'Create a page link',
			description: 'A link with which one member opens the queue, or one hand-over',
		},
		{
			name: 'Escalate Overdue',
			value: 'escalateOverdue',
			action: 'Escalate overdue hand overs',
			description: 'Tell the next people where the first answer is late, of all tenants',
		},
		{
			name: 'Get Figures',
			value: 'getFigures',
			action: 'Get figures of hand overs',
			description: 'How long customers waited a day, how many in time, and what people said of it',
		},
		{
			name: 'Get Queue',
			value: 'getQueue',
			action: 'Get the queue',
			description: 'Who waits for a person, the most urgent first',
		},
		{
			name: 'Get Settings',
			value: 'getSettings',
			action: 'Get the settings',
			description: 'Times, page and people of a tenant',
		},
		{
			name: 'Open Page',
			value: 'openPage',
			action: 'Open the page',
			description: 'Answer the page behind a link: the queue or a conversation. Opening it changes nothing.',
		},
		{
			name: 'Receive Chatwoot Event',
			value: 'receiveChatwootEvent',
			action: 'Receive a chatwoot event',
			description: 'Send an agent’s answer to the customer, or give a resolved conversation back to the bot',
		},
		{
			name: 'Remove Recipient',
			value: 'removeRecipient',
			action: 'Remove a recipient',
			description: 'A member is not told of hand-overs any more',
		},
		{
			name: 'Return Quiet Ones',
			value: 'returnQuietOnes',
			action: 'Return quiet conversations to the bot',
			description: 'Give back to the bot what nobody wrote in for the quiet time, of all tenants',
		},
		{
			name: 'Run Due Work',
			value: 'runDueWork',
			action: 'Run due work of hand overs',
			description: 'Tell members by WhatsApp, and whatever else hand-overs left to do, of all tenants',
		},
		{
			name: 'Save Recipient',
			value: 'saveRecipient',
			action: 'Save a recipient',
			description: 'A member is told of hand-overs by e-mail or WhatsApp: at once, or when one is overdue',
		},
		{
			name: 'Save Settings',
			value: 'saveSettings',
			action: 'Save the settings',
			description: 'Change times, links and the number from which the team is told',
		},
	],
	default: 'getQueue',
};
