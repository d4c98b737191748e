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
const WITH_VAULT = ['createApprovalLink', 'decideByLink', 'openApprovalLink'];

export class SuggestionApplier implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Suggestion Applier',
		name: 'suggestionApplier',
		icon: { light: 'file:suggestion-applier.svg', dark: 'file:suggestion-applier.dark.svg' },
		group: ['transform'],
		version: [1],
		subtitle: `={{${inWords('operation')}}}`,
		description: 'Takes an improvement from proposal over lint, gate and approval to a roll-out, and back',
		defaults: { name: 'Suggestion Applier' },
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
