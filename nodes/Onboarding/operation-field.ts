import type { INodeProperties } from 'n8n-workflow';

/** What the node can do, in the order of the list. */
export const operationField: INodeProperties = {
	displayName: 'Operation',
	name: 'operation',
	type: 'options',
	noDataExpression: true,
	options: [
		{
			name: 'Activate',
			value: 'activate',
			action: 'Activate the approved agent',
			description: 'Freeze what the client approved as v1.0.0 and put it into service; refused before the approval',
		},
		{
			name: 'Add Document',
			value: 'addDocument',
			action: 'Add a document',
			description: 'Keep the text of a txt, md, pdf or docx file, or a pasted text, as something the agent knows',
		},
		{
			name: 'Clone Agent',
			value: 'cloneAgent',
			action: 'Clone an agent to a new client',
			description: 'Begin a new client with an agent that works for another one; says what must be filled in',
		},
		{
			name: 'Compile',
			value: 'compile',
			action: 'Compile the answers',
			description: 'Make the agent of answers and documents; each faulty answer is named',
		},
		{
			name: 'Connect Channel',
			value: 'connectChannel',
			action: 'Connect a channel account',
			description: 'Check the token with Meta, register the number, store the token and subscribe the webhook',
		},
		{
			name: 'Create Approval Link',
			value: 'createApprovalLink',
			action: 'Create an approval link',
			description: 'A link with which one person of the client approves exactly this agent, once',
		},
		{
			name: 'Decide by Link',
			value: 'decideByLink',
			action: 'Decide by an approval link',
			description: 'Take the yes or the wishes of the client and answer the page that says so',
		},
		{
			name: 'Get',
			value: 'get',
			action: 'Get an onboarding',
			description: 'Where an onboarding stands, with its answers, documents, channels and test',
		},
		{
			name: 'Get Setup Report',
			value: 'getReport',
			action: 'Get the setup report',
			description: 'Which of the four items of a finished setup are met, read from the database',
		},
		{
			name: 'Open Approval Link',
			value: 'openApprovalLink',
			action: 'Open an approval link',
			description: 'Answer the page that shows the agent; nothing is decided',
		},
		{
			name: 'Open Report Link',
			value: 'openReport',
			action: 'Open a report link',
			description: 'Answer the page of the setup report',
		},
		{
			name: 'Override Test',
			value: 'overrideTest',
			action: 'Override a failed test',
			description: 'Let an agent with failed test items go on, as a named person with a reason',
		},
		{
			name: 'Re-Route Events',
			value: 'rerouteEvents',
			action: 'Re-route events of an account',
			description: 'File what came for an account before it was connected; older messages are shown, not answered',
		},
		{
			name: 'Refresh Instagram Tokens',
			value: 'refreshInstagramTokens',
			action: 'Refresh instagram tokens',
			description: 'Renew tokens of all tenants before they end; run it once a day',
		},
		{
			name: 'Run Test',
			value: 'runTest',
			action: 'Run the conversation test',
			description: 'Let a scripted customer talk to the compiled agent; nothing is sent or stored as a conversation',
		},
		{
			name: 'Save Answers',
			value: 'saveAnswers',
			action: 'Save answers',
			description: 'Begin an onboarding, or lay answers over those of one, from JSON',
		},
		{
			name: 'Send First Message',
			value: 'sendFirstMessage',
			action: 'Send the first message',
			description:
				"Write to the client's own phone or somebody who agreed: a text inside the 24-hour window, else a template",
		},
		{
			name: 'Show First Message',
			value: 'showFirstMessage',
			action: 'Show the page of the first message',
			description: 'The page of the form after the approval: what is met, and what became of the first message',
		},
		{
			name: 'Show Review',
			value: 'showReview',
			action: 'Show the review page',
			description: 'The page of the form with the result of the test',
		},
		{
			name: 'Submit Page',
			value: 'submitPage',
			action: 'Submit a page of the form',
			description: 'Take what was typed on a page of the form and answer which page comes next',
		},
	],
	default: 'submitPage',
};
