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
const WITH_VAULT = ['act', 'connectChatwoot', 'createPageLink', 'openPage', 'receiveChatwootEvent', 'runDueWork'];

export class Handoff implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Handoff',
		name: 'handoff',
		icon: { light: 'file:handoff.svg', dark: 'file:handoff.dark.svg' },
		group: ['transform'],
		version: [1],
		subtitle: `={{${inWords('operation')}}}`,
		description:
			'Gives conversations to people and back to the bot: the queue, the page they answer from, who is told and when',
		defaults: { name: 'Handoff' },
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
