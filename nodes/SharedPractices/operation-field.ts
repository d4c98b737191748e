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
			description: 'Give or withdraw the consent whose button was pressed, and answer the page as it is then',
		},
		{
			name: 'Create Page Link',
			value: 'createPageLink',
			action: 'Create a page link',
			description: 'A link with which one member opens the page of their business',
		},
		{
			name: 'Get',
			value: 'get',
			action: 'Get what a tenant shares and receives',
			description: 'Consents, practices that hold evidence of the tenant, practices it received, and receipts',
		},
		{
			name: 'Give Consent',
			value: 'giveConsent',
			action: 'Give a consent',
			description: 'Write the receipt of a consent that a person gave elsewhere, such as in a signed contract',
		},
		{
			name: 'Offer to Tenant',
			value: 'offer',
			action: 'Offer practices to a tenant',
			description:
				'Store what may be offered to a tenant that agreed to receive as suggestions: linted, gated, waiting for a person. One item each.',
		},
		{
			name: 'Open Page',
			value: 'openPage',
			action: 'Open the page',
			description: 'Answer the page behind a link. Opening it changes nothing.',
		},
		{
			name: 'Refresh Practices',
			value: 'refresh',
			action: 'Refresh practices of all tenants',
			description: 'Count the evidence of all tenants that share and publish, rest or retire practices',
		},
		{
			name: 'Take Back Withdrawn',
			value: 'takeBack',
			action: 'Take withdrawn practices back',
			description:
				'Undo at receivers what came from practices that were withdrawn, and close offers that nobody wants: one item each',
		},
		{
			name: 'Withdraw Consent',
			value: 'withdrawConsent',
			action: 'Withdraw a consent',
			description: 'Take a consent back, at once; Take Back Withdrawn undoes what came from it',
		},
	],
	default: 'get',
};
