import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';
import { inWords, listSearch, optionsField, POSTGRES_CREDENTIAL, runOperation } from '../shared';
import { operationsOf, resourceProperties } from '../shared/resource';
import { RESOURCES } from './operations';

export class AskFactory implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Ask Factory',
		name: 'askFactory',
		icon: { light: 'file:ask-factory.svg', dark: 'file:ask-factory.dark.svg' },
		group: ['transform'],
		version: [1],
		subtitle: `={{${inWords('operation')}}}`,
		description:
			'Answers questions about one business: how it is going, who its leads are, what was said with somebody, who waits. Only reads; as a tool of an AI Agent its answers are short',
		defaults: { name: 'Ask Factory' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		usableAsTool: true,
		credentials: [POSTGRES_CREDENTIAL],
		properties: [
			{
				displayName: 'Resource',
				name: 'resource',
				type: 'options',
				noDataExpression: true,
				options: RESOURCES.map(({ name, value }) => ({ name, value })),
				default: 'question',
			},
			...RESOURCES.flatMap(resourceProperties),
			optionsField(),
		],
	};

	methods = { listSearch };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const resource = this.getNodeParameter('resource', 0);
		const operations = operationsOf(RESOURCES.find(({ value }) => value === resource));
		return await runOperation(this, operations, this.getNodeParameter('operation', 0));
	}
}
