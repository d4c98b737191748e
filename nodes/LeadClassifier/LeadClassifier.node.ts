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
import { operationsOf, resourceProperties } from '../shared/resource';
import { classifyItems } from './classify-items';
import { RESOURCES } from './operations';

export class LeadClassifier implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Lead Classifier',
		name: 'leadClassifier',
		icon: { light: 'file:lead-classifier.svg', dark: 'file:lead-classifier.dark.svg' },
		group: ['transform'],
		version: [1],
		subtitle: `={{${inWords('resource')} + ": " + ${inWords('operation')}}}`,
		description:
			'Says who is a lead and how good: known contacts and rules first, a model only where the rules are unsure',
		defaults: { name: 'Lead Classifier' },
		inputs: INPUTS_WITH_MODEL,
		outputs: [NodeConnectionTypes.Main, NodeConnectionTypes.Main],
		outputNames: ['Classified', 'Put Back'],
		usableAsTool: true,
		credentials: [POSTGRES_CREDENTIAL, ...MODEL_CREDENTIALS],
		properties: [
			{
				displayName: 'Resource',
				name: 'resource',
				type: 'options',
				noDataExpression: true,
				options: RESOURCES.map(({ name, value }) => ({ name, value })),
				default: 'turn',
			},
			...RESOURCES.flatMap(resourceProperties),
			...modelSourceFields(
				{ name: "Model of the Tenant's Settings", description: 'The model that the resource Lead Settings names' },
				{ resource: ['turn', 'text'] },
			),
			optionsField(),
		],
	};

	methods = { listSearch };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const resource = this.getNodeParameter('resource', 0);
		if (resource === 'turn') return await classifyItems(this);
		const operations = operationsOf(RESOURCES.find(({ value }) => value === resource));
		return [...(await runOperation(this, operations, this.getNodeParameter('operation', 0))), []];
	}
}
