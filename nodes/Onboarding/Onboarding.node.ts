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
	MODEL_CREDENTIALS,
	optionsField,
	POSTGRES_CREDENTIAL,
	runOperation,
	VAULT_CREDENTIAL,
	vaultTest,
} from '../shared';
import { operationField } from './operation-field';
import { OPERATIONS } from './operations';

/** These talk to Meta. */
const WITH_META = ['connectChannel', 'refreshInstagramTokens', 'submitPage'];
/** These seal or open a token or a link. */
const WITH_VAULT = [...WITH_META, 'createApprovalLink', 'decideByLink', 'getReport', 'openApprovalLink', 'openReport'];

export class Onboarding implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Onboarding',
		name: 'onboarding',
		icon: { light: 'file:onboarding.svg', dark: 'file:onboarding.dark.svg' },
		group: ['transform'],
		version: [1],
		subtitle: `={{${inWords('operation')}}}`,
		description: "Leads a new client from a form's answers to a tested, approved agent on its official number",
		defaults: { name: 'Onboarding' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		usableAsTool: true,
		credentials: [
			POSTGRES_CREDENTIAL,
			{
				name: 'metaAppApi',
				displayName: 'Meta App',
				required: true,
				displayOptions: { show: { operation: WITH_META } },
				testedBy: 'metaAppTest',
			},
			{
				name: VAULT_CREDENTIAL,
				displayName: 'Vault Key',
				required: true,
				displayOptions: { show: { operation: WITH_VAULT } },
				testedBy: 'vaultTest',
			},
			...MODEL_CREDENTIALS.map((credential) => ({
				...credential,
				displayOptions: { show: { operation: ['runTest'] } },
			})),
		],
		properties: [
			operationField,
			...Object.values(OPERATIONS).flatMap(({ description }) => description),
			optionsField(),
		],
	};

	methods = { listSearch, credentialTest: { metaAppTest, vaultTest } };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await runOperation(this, OPERATIONS, this.getNodeParameter('operation', 0));
	}
}
