import type { INodeProperties } from 'n8n-workflow';

/** What the node can do, in the order of the list. */
export const operationField: INodeProperties = {
	displayName: 'Operation',
	name: 'operation',
	type: 'options',
	noDataExpression: true,
	options: [
		{
			name: 'Get',
			value: 'get',
			action: 'Get a campaign',
			description: 'How a campaign stands, and why leads were left out or refused',
		},
		{
			name: 'Get Follow-up Settings',
			value: 'getFollowUpSettings',
			action: 'Get the settings of follow ups',
			description: 'When silent leads of a tenant are asked once more',
		},
		{
			name: 'Get Many',
			value: 'getMany',
			action: 'Get many campaigns',
			description: 'The campaigns of a tenant, newest first',
		},
		{
			name: 'Pause',
			value: 'pause',
			action: 'Pause a campaign',
			description: 'Queue no more messages until it is resumed; what is queued goes out',
		},
		{
			name: 'Preview',
			value: 'preview',
			action: 'Preview a campaign',
			description: 'Count the leads that fit, how many may be written to, and why the others not; nothing is sent',
		},
		{
			name: 'Resume',
			value: 'resume',
			action: 'Resume a campaign',
			description: 'Go on with a campaign that was paused',
		},
		{
			name: 'Run Due',
			value: 'runDue',
			action: 'Run due campaigns',
			description: 'Follow-ups that are due and the next batch of each running campaign, for all tenants',
		},
		{
			name: 'Save Follow-up Settings',
			value: 'saveFollowUpSettings',
			action: 'Save the settings of follow ups',
			description: 'Switch follow-ups of silent leads on or off, for a tenant or one agent',
		},
		{
			name: 'Start',
			value: 'start',
			action: 'Start a campaign',
			description:
				'Send an approved template to the leads that fit and agreed to offers; the same name again starts nothing',
		},
		{
			name: 'Stop',
			value: 'stop',
			action: 'Stop a campaign',
			description: 'End a campaign; what waits is not sent',
		},
	],
	default: 'getMany',
};
