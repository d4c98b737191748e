import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';
import { inWords, listSearch, optionsField, POSTGRES_CREDENTIAL, runOperation, type Operation } from '../shared';
import * as claim from './operations/claim';
import * as complete from './operations/complete';
import * as listDeadLetters from './operations/list-dead-letters';
import * as requeueDeadLetters from './operations/requeue-dead-letters';
import * as retry from './operations/retry';

const OPERATIONS: Record<string, Operation> = { claim, complete, listDeadLetters, requeueDeadLetters, retry };

export class QueueClaim implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Queue Claim',
		name: 'queueClaim',
		icon: { light: 'file:queue-claim.svg', dark: 'file:queue-claim.dark.svg' },
		group: ['transform'],
		version: [1],
		subtitle: `={{${inWords('operation')}}}`,
		description: 'Leases due turns, one worker a conversation, and puts them back or ends them',
		defaults: { name: 'Queue Claim' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		usableAsTool: true,
		credentials: [POSTGRES_CREDENTIAL],
		properties: [
			{
				displayName: 'Operation',
				name: 'operation',
				type: 'options',
				noDataExpression: true,
				options: [
					{
						name: 'Claim',
						value: 'claim',
						action: 'Claim due turns',
						description: 'Lease turns that are due; nothing comes out when none is',
					},
					{
						name: 'Complete Without a Reply',
						value: 'complete',
						action: 'Complete a turn without a reply',
						description: 'End a leased turn in silence',
					},
					{
						name: 'List Dead Letters',
						value: 'listDeadLetters',
						action: 'List dead letters',
						description: 'Turns that failed too often and wait for a person',
					},
					{
						name: 'Requeue Dead Letters',
						value: 'requeueDeadLetters',
						action: 'Requeue dead letters',
						description: 'Give dead turns fresh attempts',
					},
					{
						name: 'Retry',
						value: 'retry',
						action: 'Put a turn back',
						description: 'Put a leased turn back; its conversation waits, so order holds',
					},
				],
				default: 'claim',
			},
			...Object.values(OPERATIONS).flatMap(({ description }) => description),
			optionsField(),
		],
	};

	methods = { listSearch };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await runOperation(this, OPERATIONS, this.getNodeParameter('operation', 0));
	}
}
