import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';
import {
	INPUTS_WITH_MODEL,
	inWords,
	listSearch,
	MODEL_CREDENTIALS,
	modelSourceFields,
	optionsField,
	POSTGRES_CREDENTIAL,
	runOperation,
} from '../shared';
import { OPERATIONS } from './operations';

export class ReflectionJudge implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Reflection Judge',
		name: 'reflectionJudge',
		icon: { light: 'file:reflection-judge.svg', dark: 'file:reflection-judge.dark.svg' },
		group: ['transform'],
		version: [1],
		subtitle: `={{${inWords('operation')}}}`,
		description: 'Judges how an agent replies and how a persona classifies, by small checks and matured outcomes',
		defaults: { name: 'Reflection Judge' },
		inputs: INPUTS_WITH_MODEL,
		outputs: [NodeConnectionTypes.Main],
		usableAsTool: true,
		credentials: [POSTGRES_CREDENTIAL, ...MODEL_CREDENTIALS],
		properties: [
			{
				displayName: 'Operation',
				name: 'operation',
				type: 'options',
				noDataExpression: true,
				options: OPERATIONS.map(({ run: _, ...option }) => option),
				default: 'judge',
			},
			...OPERATIONS.flatMap(({ run }) => run.description),
			...modelSourceFields(
				{ name: 'Model of the Settings', description: "The evaluator that the tenant's loop settings name" },
				{ operation: ['calibrate', 'compare', 'judge', 'judgeConversation', 'judgeDue'] },
			),
			optionsField(),
		],
	};

	methods = { listSearch };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const operations = Object.fromEntries(OPERATIONS.map(({ value, run }) => [value, run]));
		return await runOperation(this, operations, this.getNodeParameter('operation', 0));
	}
}
