import { randomBytes } from 'node:crypto';
import { createEndpoint, EVENT_TYPES, type EventType } from '../../../../core/notifications';
import { actorOf, nodeVault, requiredText, showFor, tenantField, tenantId, type Operation } from '../../../shared';
import { toItem } from '../../../shared/rows';
import { textOf } from '../../../shared/text';

const NAMES: Record<EventType, string> = {
	'lead.hot': 'A Lead Turned HOT',
	'plan.leads_limit': "The Plan's Leads of the Month Are Used Up",
	'conversation.handoff': 'A Conversation Waits for a Person',
	'handoff.overdue': 'A Conversation Has Waited Too Long for a Person',
	'suggestion.created': 'A Suggestion Waits for a Decision',
	'suggestion.applied': 'A Change Is Being Tried',
	'suggestion.escalated': 'Quality Fell and Needs a Person',
	'rollout.advanced': 'A Change Being Tried Meets More Contacts',
	'rollout.promoted': 'A Change Being Tried Went Into Service',
	'rollout.rolled_back': 'A Change Being Tried Was Taken Back',
	'rollout.expired': 'The Trial of a Change Ended Without a Result',
	'breaker.opened': 'Automatic Changes Stopped',
	'practice.withdrawn': 'A Shared Practice Was Withdrawn',
	'channel.trouble': 'A Channel Stopped Sending',
	'endpoint.disabled': 'Another Endpoint Was Disabled',
	'call.due': 'Call Due',
	'proactive.breaker_opened': 'Messages That We Start Stopped',
	'plan.message_spend': "The Month's Message Spending Cap Is Reached",
};

export const description: Operation['description'] = showFor(
	{ resource: ['notification'], operation: ['createEndpoint'] },
	[
		tenantField(),
		{
			displayName: 'The secret is in the output of this run only. Copy it now: the receiver checks signatures with it.',
			name: 'secretNotice',
			type: 'notice',
			default: '',
		},
		{
			displayName: 'URL',
			name: 'url',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'https://hooks.example.com/agent-factory',
			description: 'Where notices go: https, on the public internet',
		},
		{
			displayName: 'Events',
			name: 'eventTypes',
			type: 'multiOptions',
			options: EVENT_TYPES.map((value) => ({ name: NAMES[value], value })).sort((a, b) =>
				a.name.localeCompare(b.name, 'en'),
			),
			default: [...EVENT_TYPES],
			description: 'What it wants to hear',
		},
		{
			displayName: 'Signing Secret',
			name: 'signingSecret',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			placeholder: 'whsec_…',
			description: 'A secret of your own; empty to have one made',
		},
		{
			displayName: 'Local',
			name: 'allowLocal',
			type: 'boolean',
			default: false,
			description:
				'Whether it may be plain http and a local address. For development: Deliver Notices must allow it too.',
		},
	],
);

export const execute: Operation['execute'] = async (call) => {
	const { context, itemIndex, database } = call;
	const tenant = await tenantId(context, database, itemIndex);
	const endpoint = {
		url: requiredText(call, 'url'),
		eventTypes: context.getNodeParameter('eventTypes', itemIndex) as EventType[],
		secret: textOf(call, 'signingSecret'),
		allowLocal: context.getNodeParameter('allowLocal', itemIndex) as boolean,
	};
	const ports = { vault: await nodeVault(context), randomBytes };
	return toItem(await createEndpoint(database, tenant, endpoint, ports, actorOf(context)));
};
