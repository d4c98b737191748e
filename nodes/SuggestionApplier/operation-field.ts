import type { INodeProperties } from 'n8n-workflow';

/** What the node can do, in the order of the list. */
export const operationField: INodeProperties = {
	displayName: 'Operation',
	name: 'operation',
	type: 'options',
	noDataExpression: true,
	options: [
		{
			name: 'Advance',
			value: 'advance',
			action: 'Advance a rollout',
			description: 'Look at a roll-out and move it where the evidence says, or a person',
		},
		{
			name: 'Apply',
			value: 'apply',
			action: 'Apply a suggestion',
			description: 'Make the new version beside the old one; nobody meets it yet',
		},
		{
			name: 'Approve',
			value: 'approve',
			action: 'Approve a suggestion',
			description: 'Say yes to a suggestion that passed the gate, or, as a person, to any',
		},
		{
			name: 'Breaker Close',
			value: 'breakerClose',
			action: 'Close a breaker',
			description: 'Let the loop change a target live again, as a named person',
		},
		{
			name: 'Breaker Open',
			value: 'breakerOpen',
			action: 'Open a breaker',
			description: 'Stop every live change of a target and restore what a person last approved',
		},
		{
			name: 'Create Approval Link',
			value: 'createApprovalLink',
			action: 'Create an approval link',
			description: 'A link with which one person decides on one suggestion, once',
		},
		{
			name: 'Decide by Link',
			value: 'decideByLink',
			action: 'Decide by an approval link',
			description: 'Do what a person pressed on the card, once, and answer the page that says so',
		},
		{
			name: 'Dry Run',
			value: 'dryRun',
			action: 'Try a change without writing',
			description: 'Show the exact change and who is affected; nothing is written',
		},
		{
			name: 'Expire',
			value: 'expire',
			action: 'Expire old suggestions',
			description: 'Close suggestions that nobody decided within 14 days',
		},
		{
			name: 'Improve',
			value: 'improve',
			action: 'Improve from findings',
			description:
				'From a reflection as far as nobody has to be asked: propose, lint, gate, and begin what may begin by itself',
		},
		{
			name: 'Gate',
			value: 'gate',
			action: 'Gate a suggestion',
			description: 'Replay held-back leads with both versions, at equal HOT volume',
		},
		{
			name: 'Lint',
			value: 'lint',
			action: 'Lint a suggestion',
			description: 'Check the operations against everything that may not enter a version',
		},
		{ name: 'List', value: 'list', action: 'List suggestions', description: 'Suggestions of a tenant, newest first' },
		{
			name: 'Monitor',
			value: 'monitor',
			action: 'Monitor all rollouts',
			description: 'Look at every running roll-out of all tenants and move it where the evidence says; one item each',
		},
		{
			name: 'Open Approval Link',
			value: 'openApprovalLink',
			action: 'Open an approval link',
			description: 'Answer the card of a suggestion; nothing is decided',
		},
		{
			name: 'Propose',
			value: 'propose',
			action: 'Propose from a reflection',
			description: 'At most one suggestion of at most six typed operations',
		},
		{
			name: 'Reject',
			value: 'reject',
			action: 'Reject a suggestion',
			description: 'Say no, with a reason; it is not proposed again for 30 days',
		},
		{
			name: 'Roll Back',
			value: 'rollBack',
			action: 'Roll back a rollout',
			description: 'Give everybody the version back that was in service before',
		},
		{
			name: 'Start Rollout',
			value: 'startRollout',
			action: 'Start a rollout',
			description: 'Let a tenth of the people meet the new version',
		},
		{
			name: 'Suggest Change',
			value: 'suggestChange',
			action: 'Suggest a change by hand',
			description: "Store a person's own operations as a suggestion",
		},
	],
	default: 'dryRun',
};
