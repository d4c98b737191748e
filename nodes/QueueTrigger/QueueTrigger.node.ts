import {
	NodeConnectionTypes,
	type INodeProperties,
	type INodeType,
	type INodeTypeDescription,
	type ITriggerFunctions,
	type ITriggerResponse,
} from 'n8n-workflow';
import type { WorkKind } from '../../core/conversations';
import { optionsField, POSTGRES_CREDENTIAL } from '../shared';
import { EXECUTIONS_AT_ONCE, LANES_PER_EXECUTION, POLL_SECONDS, POLL_SECONDS_MIN } from './defaults';
import { serveQueue } from './serve';

const lanesField = (work: WorkKind, displayName: string, description: string): INodeProperties => ({
	displayName,
	name: 'lanesPerExecution',
	type: 'number',
	typeOptions: { minValue: 1, numberPrecision: 0 },
	default: LANES_PER_EXECUTION[work],
	description,
	displayOptions: { show: { work: [work] } },
});

export class QueueTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Queue Trigger',
		name: 'queueTrigger',
		icon: { light: 'file:queue-trigger.svg', dark: 'file:queue-trigger.dark.svg' },
		group: ['trigger'],
		version: [1],
		subtitle: '={{$parameter["work"] === "outbox" ? "outbox" : "conversation turns"}}',
		description: 'Starts the workflow when turns or outgoing messages are due, a set number of times at once',
		eventTriggerDescription: '',
		activationMessage: 'The workflow now starts whenever work is due.',
		defaults: { name: 'Queue Trigger' },
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [POSTGRES_CREDENTIAL],
		properties: [
			{
				displayName: 'Work',
				name: 'work',
				type: 'options',
				options: [
					{
						name: 'Conversation Turns',
						value: 'turns',
						description: 'Messages that wait for an answer; follow with Queue Claim',
					},
					{
						name: 'Outbox',
						value: 'outbox',
						description: 'Messages that wait to be sent; follow with Outbox Send: Deliver Due',
					},
				],
				default: 'turns',
				description: 'Which queue to watch',
			},
			{
				displayName: 'Executions at Once',
				name: 'executionsAtOnce',
				type: 'number',
				typeOptions: { minValue: 1, numberPrecision: 0 },
				default: EXECUTIONS_AT_ONCE,
				description: 'How many executions of this workflow may run side by side',
			},
			lanesField(
				'turns',
				'Turns per Execution',
				'How many turns one execution takes at most. While fewer are due than executions may run, each takes one.',
			),
			lanesField(
				'outbox',
				'Messages per Execution',
				'How many messages one execution sends: set the limit of Deliver Due to the same number',
			),
			{
				displayName: 'Poll Interval (Seconds)',
				name: 'pollInterval',
				type: 'number',
				typeOptions: { minValue: POLL_SECONDS_MIN, numberPrecision: 1 },
				default: POLL_SECONDS,
				description: 'Seconds between looks when no notification comes; a connection pooler swallows notifications',
			},
			{
				displayName: 'Wait for Executions',
				name: 'waitForExecutions',
				type: 'boolean',
				default: true,
				description:
					'Whether to start the next execution only when an earlier one has ended. Switch off for n8n engine 2.0, which cannot report the end to a trigger.',
			},
			optionsField(),
		],
	};

	async trigger(this: ITriggerFunctions): Promise<ITriggerResponse> {
		return await serveQueue(this);
	}
}
