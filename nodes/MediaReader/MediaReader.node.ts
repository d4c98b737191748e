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
	type Operation,
} from '../shared';
import { operationField } from './operation-field';
import * as getReadings from './operations/get-readings';
import * as getSettings from './operations/get-settings';
import * as readTurn from './operations/read-turn';
import * as updateSettings from './operations/update-settings';

const OPERATIONS: Record<string, Operation> = { getReadings, getSettings, readTurn, updateSettings };

export class MediaReader implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Media Reader',
		name: 'mediaReader',
		icon: { light: 'file:media-reader.svg', dark: 'file:media-reader.dark.svg' },
		group: ['transform'],
		version: [1],
		subtitle: `={{${inWords('operation')}}}`,
		description:
			'Listens to audio and reads images and documents that customers send, before the agent answers; what cannot be read is said',
		defaults: { name: 'Media Reader' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		usableAsTool: true,
		credentials: [
			POSTGRES_CREDENTIAL,
			{
				name: VAULT_CREDENTIAL,
				displayName: 'Vault Key',
				required: true,
				displayOptions: { show: { operation: ['readTurn'] } },
				testedBy: 'vaultTest',
			},
			{
				name: 'metaAppApi',
				displayName: 'Meta App',
				required: false,
				displayOptions: { show: { operation: ['readTurn'] } },
				testedBy: 'metaAppTest',
			},
			...MODEL_CREDENTIALS.map((credential) => ({
				...credential,
				displayOptions: { show: { operation: ['readTurn'] } },
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
