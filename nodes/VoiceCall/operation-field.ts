import type { INodeProperties } from 'n8n-workflow';

/** What the node can do, in the order of the list. */
export const operationField: INodeProperties = {
	displayName: 'Operation',
	name: 'operation',
	type: 'options',
	noDataExpression: true,
	options: [
		{
			name: 'Complete Task',
			value: 'completeTask',
			action: 'Complete a call task',
			description: 'Say that somebody was called, or need not be any more',
		},
		{
			name: 'Connect',
			value: 'connect',
			action: 'Connect a telephony provider',
			description: 'Check the credentials of Twilio or Telnyx and keep them sealed for a tenant',
		},
		{
			name: 'Create Task',
			value: 'createTask',
			action: 'Create a call task',
			description: 'Ask a person to call a contact back; one open task a contact and reason',
		},
		{
			name: 'Get Calls',
			value: 'getCalls',
			action: 'Get calls',
			description: 'Calls of a tenant with duration and cost, newest first',
		},
		{
			name: 'Get Configs',
			value: 'getConfigs',
			action: 'Get telephony connections',
			description: "What is connected, what a minute costs, and this month's minutes and cost",
		},
		{
			name: 'Get Tasks',
			value: 'getTasks',
			action: 'Get call tasks',
			description: 'Who is to be called back, why and until when',
		},
		{
			name: 'Receive Status',
			value: 'receiveStatus',
			action: 'Receive the status of a call',
			description: 'Check the signature of a webhook of Twilio or Telnyx and write down how the call goes',
		},
		{
			name: 'Start Call',
			value: 'startCall',
			action: 'Start a call',
			description: "Ring a person's telephone and then the lead's, over Twilio; never twice for one key",
		},
		{
			name: 'Tell Due Tasks',
			value: 'tellDueTasks',
			action: 'Tell people of due call tasks',
			description: 'Put a notice out for each task that is due, of all tenants, once each',
		},
		{
			name: 'Update Settings',
			value: 'updateSettings',
			action: 'Update the call settings of a tenant',
			description: 'Say when a call task is made, and how soon it is due',
		},
	],
	default: 'getTasks',
};
