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
	metaAppTest,
	optionsField,
	POSTGRES_CREDENTIAL,
	runOperation,
	VAULT_CREDENTIAL,
} from '../shared';
import { RESOURCES } from './operations';
import { operationsOf, resourceProperties } from '../shared/resource';

/** Here the schema may be missing or old: these operations make and judge it, or ask nothing of it. */
const WITHOUT_SCHEMA = ['database', 'workflowTemplate'];

export class AgentFactory implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Agent Factory',
		name: 'agentFactory',
		icon: { light: 'file:agent-factory.svg', dark: 'file:agent-factory.dark.svg' },
		group: ['transform'],
		version: [1],
		subtitle: `={{${inWords('resource')} + ": " + ${inWords('operation')}}}`,
		description:
			'Sets up and looks after the database, tenants, channel accounts, agents, contacts, conversations, notices and templates',
		defaults: { name: 'Agent Factory' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [
			POSTGRES_CREDENTIAL,
			{
				name: VAULT_CREDENTIAL,
				displayName: 'Vault Key',
				required: false,
				displayOptions: {
					show: {
						resource: ['apiKey', 'channelAccount', 'database', 'notification', 'selfImprovement', 'template'],
						operation: [
							'create',
							'setAccessToken',
							'doctor',
							'createEndpoint',
							'rotateSecret',
							'deliver',
							'claimEmails',
							'save',
							'submit',
							'sync',
							'update',
						],
					},
				},
			},
			{
				name: 'metaAppApi',
				displayName: 'Meta App',
				required: true,
				testedBy: 'metaAppTest',
				displayOptions: {
					show: { resource: ['database', 'template'], operation: ['doctor', 'submit', 'sync'], askMeta: [true] },
				},
			},
		],
		properties: [
			{
				displayName: 'Resource',
				name: 'resource',
				type: 'options',
				noDataExpression: true,
				options: RESOURCES.map(({ name, value }) => ({ name, value })),
				default: 'tenant',
			},
			...RESOURCES.flatMap(resourceProperties),
			optionsField(),
		],
	};

	methods = { listSearch, credentialTest: { metaAppTest } };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const resource = this.getNodeParameter('resource', 0);
		const operation = this.getNodeParameter('operation', 0);
		const operations = operationsOf(RESOURCES.find(({ value }) => value === resource));
		return await runOperation(this, operations, operation, { checkSchema: !WITHOUT_SCHEMA.includes(resource) });
	}
}
