import type { INodeProperties } from 'n8n-workflow';

/** What the node can do, in the order of the list. */
export const operationField: INodeProperties = {
	displayName: 'Operation',
	name: 'operation',
	type: 'options',
	noDataExpression: true,
	options: [
		{
			name: 'Connect',
			value: 'connect',
			action: 'Connect a CRM',
			description: "Check a token at the tenant's CRM and save it, or replace one that was refused",
		},
		{
			name: 'Create Connect Link',
			value: 'createConnectLink',
			action: 'Create a link to connect pipedrive',
			description: 'A link with which the person who holds a Pipedrive account connects it, once',
		},
		{
			name: 'Create Deal',
			value: 'createDeal',
			action: 'Create the deal of a lead',
			description: 'Make the one deal of a person at once; asked again, it is the same deal',
		},
		{
			name: 'Disconnect',
			value: 'disconnect',
			action: 'Disconnect a CRM',
			description: 'Remove the webhook, switch the token off and stop all work; the deals stay where they are',
		},
		{
			name: 'Finish Connect',
			value: 'finishConnect',
			action: 'Finish connecting a CRM',
			description: 'Take what Pipedrive sends back, keep the account and answer the page for the person',
		},
		{
			name: 'Get Integrations',
			value: 'getIntegrations',
			action: 'Get the connected CRMs',
			description: 'List the CRMs of a tenant: deals, work that waits, and what is wrong',
		},
		{
			name: 'Get Remote Stages',
			value: 'getRemoteStages',
			action: 'Get the stages of a CRM',
			description: 'Read pipelines and stages from the CRM, for the mapping',
		},
		{
			name: 'Map Stages',
			value: 'mapStages',
			action: 'Map the stages of a CRM',
			description: 'Say which stage of the board is which stage of the CRM',
		},
		{
			name: 'Receive Webhook',
			value: 'receiveWebhook',
			action: 'Receive a webhook of a CRM',
			description: 'Check the key of the address and let the lead follow the deal, once a change',
		},
		{
			name: 'Run Due Work',
			value: 'runDueWork',
			action: 'Run the due work of all CRMs',
			description: 'Make and move deals that are due, ask what changed; for a schedule',
		},
		{
			name: 'Save OAuth App',
			value: 'saveOAuthApp',
			action: 'Save an app of pipedrive',
			description: "Store the client ID and secret of the app with which a tenant's Pipedrive accounts are connected",
		},
	],
	default: 'getIntegrations',
};
