import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';
import { inWords, listSearch, optionsField, POSTGRES_CREDENTIAL, runForEachItem, runOperation } from '../shared';
import { LOCAL, OPERATION_OPTIONS, STORED } from './operations';

export class AgentCompiler implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Agent Compiler',
		name: 'agentCompiler',
		icon: { light: 'file:agent-compiler.svg', dark: 'file:agent-compiler.dark.svg' },
		group: ['transform'],
		version: [1],
		subtitle: `={{${inWords('operation')}}}`,
		description:
			'Turns an AgentSpec and its documents into a frozen, numbered version of an agent, and switches between versions',
		defaults: { name: 'Agent Compiler' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ ...POSTGRES_CREDENTIAL, displayOptions: { show: { operation: Object.keys(STORED) } } }],
		properties: [
			{
				displayName: 'Operation',
				name: 'operation',
				type: 'options',
				noDataExpression: true,
				options: OPERATION_OPTIONS,
				default: 'compile',
			},
			...[...Object.values(STORED), ...Object.values(LOCAL)].flatMap(({ description }) => description),
			{ ...optionsField(), displayOptions: { show: { operation: Object.keys(STORED) } } },
		],
	};

	methods = { listSearch };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const operation = this.getNodeParameter('operation', 0);
		if (!Object.hasOwn(LOCAL, operation)) return await runOperation(this, STORED, operation);
		return [
			await runForEachItem(this, async (itemIndex) => await LOCAL[operation].execute({ context: this, itemIndex })),
		];
	}
}
