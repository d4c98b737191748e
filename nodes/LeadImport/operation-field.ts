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
			action: 'Connect a source of leads',
			description: "Store a page's token or the key of a Google form; a token is asked of Meta first",
		},
		{
			name: 'Get Campaign ROI',
			value: 'getCampaignRoi',
			action: 'Get what campaigns cost and bring',
			description: 'Leads, hot leads and clients of each campaign against what it cost',
		},
		{
			name: 'Get Integrations',
			value: 'getIntegrations',
			action: 'Get the sources of leads',
			description: 'What is connected, how many leads came in, and what went wrong last',
		},
		{
			name: 'Import CSV',
			value: 'importCsv',
			action: 'Import leads of a CSV file',
			description: 'File the good rows of a list once, and tell of the broken ones by line',
		},
		{
			name: 'Import Items',
			value: 'importItems',
			action: 'Import items as leads',
			description: 'The same for the items that come in, each a lead',
		},
		{
			name: 'Receive Google Lead',
			value: 'receiveGoogleLead',
			action: 'Receive a lead of a Google form',
			description: 'Check the key of a webhook of Google Ads and file its lead',
		},
		{
			name: 'Receive LinkedIn Lead',
			value: 'receiveLinkedInLead',
			action: 'Receive a lead of a linked in form',
			description: 'Check the key of what a relay posts and file its lead',
		},
		{
			name: 'Run Due Imports',
			value: 'runDueImports',
			action: 'Run due imports',
			description: 'Fetch the leads that Meta told of, file and greet them, for all tenants',
		},
		{
			name: 'Save Campaign Costs',
			value: 'saveCampaignCosts',
			action: 'Save what campaigns cost',
			description: 'Store costs by campaign and day, from a CSV file or items, in place of what stood there',
		},
	],
	default: 'importCsv',
};
