import type { INodeProperties } from 'n8n-workflow';

/** What the node can do, in the order of the list. */
export const operationField: INodeProperties = {
	displayName: 'Operation',
	name: 'operation',
	type: 'options',
	noDataExpression: true,
	options: [
		{
			name: 'Create Verdict Links',
			value: 'createVerdictLinks',
			action: 'Create verdict links for a lead',
			description: 'One-tap links for the seller: good, bad, personal, spam, competitor',
		},
		{
			name: 'Create Webhook Secret',
			value: 'createWebhookSecret',
			action: 'Create a webhook secret',
			description: 'Make the secret with which a CRM signs the webhooks it sends; shown once',
		},
		{
			name: 'List',
			value: 'list',
			action: 'List outcomes',
			description: 'What was said of the leads of a tenant, or of one, newest first',
		},
		{
			name: 'Open Verdict Link',
			value: 'openVerdictLink',
			action: 'Open a verdict link',
			description: 'Answer the page that asks for the tap; nothing is recorded',
		},
		{
			name: 'Receive',
			value: 'receive',
			action: 'Receive a signed webhook',
			description: 'Check the signature of a webhook of the CRM and record the stage or outcome it tells',
		},
		{
			name: 'Receive Verdict',
			value: 'receiveVerdict',
			action: 'Receive a verdict',
			description: 'Record the verdict of a link, once, and answer the page that says so',
		},
		{
			name: 'Record',
			value: 'record',
			action: 'Record an outcome',
			description: 'Write down a verdict, an opportunity, a client, a refusal or a new stage',
		},
		{
			name: 'Score Meaning',
			value: 'scoreMeaning',
			action: 'Say what a score means',
			description: 'How many leads with such a score this tenant has won',
		},
		{
			name: 'Train Scorer',
			value: 'trainScorer',
			action: 'Train the scorer of a tenant',
			description:
				"Fit a scorer to the tenant's outcomes; it is used only if it beats the rules on outcomes it had not seen",
		},
	],
	default: 'record',
};
