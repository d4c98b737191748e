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

/** These seal or open a link. */
const WITH_VAULT = ['act', 'createPageLink', 'openPage'];

export class SharedPractices implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Shared Practices',
		name: 'sharedPractices',
		icon: { light: 'file:shared-practices.svg', dark: 'file:shared-practices.dark.svg' },
		group: ['transform'],
		version: [1],
		subtitle: `={{${inWords('operation')}}}`,
		description:
			'What clients learn from each other when both sides agreed: consent, practices, offers as suggestions, and taking back. Off until somebody agrees',
		defaults: { name: 'Shared Practices' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		usableAsTool: true,
		credentials: [
			POSTGRES_CREDENTIAL,
			{
				name: VAULT_CREDENTIAL,
				displayName: 'Vault Key',
				required: true,
				displayOptions: { show: { operation: WITH_VAULT } },
				testedBy: 'vaultTest',
			},
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
