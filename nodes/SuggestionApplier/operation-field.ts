import type { INodeProperties } from 'n8n-workflow';

const entry = (name: string, value: string, action: string, description: string) => ({
	name,
	value,
	action,
	description,
});

/** What the node can do, in the order of the list. */
export const operationField: INodeProperties = {
	displayName: 'Operation',
	name: 'operation',
	type: 'options',
	noDataExpression: true,
	options: [
		entry(
			'Advance',
			'advance',
			'Advance a rollout',
			'Look at a roll-out and move it where the evidence says, or a person',
		),
		entry('Apply', 'apply', 'Apply a suggestion', 'Make the new version beside the old one; nobody meets it yet'),
		entry(
			'Approve',
			'approve',
			'Approve a suggestion',
			'Say yes to a suggestion that passed the gate, or, as a person, to any',
		),
		entry(
			'Breaker Close',
			'breakerClose',
			'Close a breaker',
			'Let the loop change a target live again, as a named person',
		),
		entry(
			'Breaker Open',
			'breakerOpen',
			'Open a breaker',
			'Stop every live change of a target and restore what a person last approved',
		),
		entry(
			'Create Approval Link',
			'createApprovalLink',
			'Create an approval link',
			'A link with which one person decides on one suggestion, once',
		),
		entry(
			'Decide by Link',
			'decideByLink',
			'Decide by an approval link',
			'Do what a person pressed on the card, once, and answer the page that says so',
		),
		entry(
			'Dry Run',
			'dryRun',
			'Try a change without writing',
			'Show the exact change and who is affected; nothing is written',
		),
		entry('Expire', 'expire', 'Expire old suggestions', 'Close suggestions that nobody decided within 14 days'),
		entry(
			'Improve',
			'improve',
			'Improve from findings',
			'From a reflection as far as nobody has to be asked: propose, lint, gate, and begin what may begin by itself',
		),
		entry('Gate', 'gate', 'Gate a suggestion', 'Replay held-back leads with both versions, at equal HOT volume'),
		entry('Lint', 'lint', 'Lint a suggestion', 'Check the operations against everything that may not enter a version'),
		entry('List', 'list', 'List suggestions', 'Suggestions of a tenant, newest first'),
		entry(
			'Monitor',
			'monitor',
			'Monitor all rollouts',
			'Look at every running roll-out of all tenants and move it where the evidence says; one item each',
		),
		entry(
			'Open Approval Link',
			'openApprovalLink',
			'Open an approval link',
			'Answer the card of a suggestion; nothing is decided',
		),
		entry('Propose', 'propose', 'Propose from a reflection', 'At most one suggestion of at most six typed operations'),
		entry('Reject', 'reject', 'Reject a suggestion', 'Say no, with a reason; it is not proposed again for 30 days'),
		entry('Roll Back', 'rollBack', 'Roll back a rollout', 'Give everybody the version back that was in service before'),
		entry('Start Rollout', 'startRollout', 'Start a rollout', 'Let a tenth of the people meet the new version'),
		entry(
			'Suggest Change',
			'suggestChange',
			'Suggest a change by hand',
			"Store a person's own operations as a suggestion",
		),
	],
	default: 'dryRun',
};
