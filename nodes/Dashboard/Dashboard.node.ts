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
} from '../shared';
import { operationField } from './operation-field';
import { OPERATIONS } from './operations';

export class Dashboard implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Dashboard',
		name: 'dashboard',
		icon: { light: 'file:dashboard.svg', dark: 'file:dashboard.dark.svg' },
		group: ['transform'],
		version: [1],
		subtitle: `={{${inWords('operation')}}}`,
		description:
			'The pages people read: figures of a client, why an answer was given, versions side by side; and how members sign in',
		defaults: { name: 'Dashboard' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		usableAsTool: true,
		credentials: [
			POSTGRES_CREDENTIAL,
			{ name: VAULT_CREDENTIAL, displayName: 'Vault Key', required: true, testedBy: 'vaultTest' },
		],
		properties: [
			operationField,
			...Object.values(OPERATIONS).flatMap(({ description }) => description),
			optionsField(),
		],
	};

	methods = { listSearch, credentialTest: { vaultTest } };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await runOperation(this, OPERATIONS, this.getNodeParameter('operation', 0));
	}
}
