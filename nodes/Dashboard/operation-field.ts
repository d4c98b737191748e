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
			description:
				'Do what a form of the page asks (sign in, put a version back, close a breaker) and answer the page as it is then',
		},
		{
			name: 'Create Operator Link',
			value: 'createOperatorLink',
			action: 'Create a link for the operator',
			description: 'A link to the page across all clients, for who runs this n8n',
		},
		{
			name: 'Create Page Link',
			value: 'createPageLink',
			action: 'Create a page link',
			description: 'A link with which one member opens the dashboard of their business',
		},
		{
			name: 'Open Page',
			value: 'openPage',
			action: 'Open the page',
			description: 'Answer the page behind a link, or the one to sign in on. Opening it changes nothing.',
		},
		{
			name: 'Settle Sign-In Mail',
			value: 'settleMail',
			action: 'Settle a sign in mail',
			description:
				'Note whether the mail with a link to sign in left: one that did not is told under What Is Stuck, and takes none of the five an hour',
		},
	],
	default: 'openPage',
};
