import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';
import {
	inWords,
	listSearch,
	optionsField,
	POSTGRES_CREDENTIAL,
	runOperation,
	VAULT_CREDENTIAL,
	vaultTest,
	type Operation,
} from '../shared';
import * as getToolCalls from './operations/get-tool-calls';
import * as receiveCall from './operations/receive-call';

const OPERATIONS: Record<string, Operation> = { getToolCalls, receiveCall };

export class AgentTools implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Agent Tools',
		name: 'agentTools',
		icon: { light: 'file:agent-tools.svg', dark: 'file:agent-tools.dark.svg' },
		group: ['transform'],
		version: [1],
		subtitle: `={{${inWords('operation')}}}`,
		description: 'Receives what agents ask of a tool, so that any workflow can be one, and shows what tools did',
		defaults: { name: 'Agent Tools' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		usableAsTool: true,
		credentials: [
			POSTGRES_CREDENTIAL,
			{
				name: VAULT_CREDENTIAL,
				displayName: 'Vault Key',
				required: true,
				displayOptions: { show: { operation: ['receiveCall'] } },
				testedBy: 'vaultTest',
			},
		],
		properties: [
			{
				displayName: 'Operation',
				name: 'operation',
				type: 'options',
				noDataExpression: true,
				options: [
					{
						name: 'Get Tool Calls',
						value: 'getToolCalls',
						action: 'Get tool calls',
						description: 'What agents asked of tools and what came of it, newest first',
					},
					{
						name: 'Receive Call',
						value: 'receiveCall',
						action: 'Receive a tool call',
						description: 'Check the signature of a call that came in through a Webhook node, and output what is asked',
					},
				],
				default: 'receiveCall',
			},
			...Object.values(OPERATIONS).flatMap(({ description }) => description),
			optionsField(),
		],
	};

	methods = { listSearch, credentialTest: { vaultTest } };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await runOperation(this, OPERATIONS, this.getNodeParameter('operation', 0));
	}
}
