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
	type Operation,
} from '../shared';
import { operationField } from './operation-field';
import * as completeTask from './operations/complete-task';
import * as connect from './operations/connect';
import * as createTask from './operations/create-task';
import * as getCalls from './operations/get-calls';
import * as getConfigs from './operations/get-configs';
import * as getTasks from './operations/get-tasks';
import * as receiveStatus from './operations/receive-status';
import * as startCall from './operations/start-call';
import * as tellDueTasks from './operations/tell-due-tasks';
import * as updateSettings from './operations/update-settings';

const OPERATIONS: Record<string, Operation> = {
	completeTask,
	connect,
	createTask,
	getCalls,
	getConfigs,
	getTasks,
	receiveStatus,
	startCall,
	tellDueTasks,
	updateSettings,
};

/** These seal or open a provider's credentials. */
const WITH_VAULT = ['connect', 'receiveStatus', 'startCall'];

export class VoiceCall implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Voice Call',
		name: 'voiceCall',
		icon: { light: 'file:voice-call.svg', dark: 'file:voice-call.dark.svg' },
		group: ['transform'],
		version: [1],
		subtitle: `={{${inWords('operation')}}}`,
		description: 'Calls leads by telephone, keeps who is to be called back, and shows what calls cost',
		defaults: { name: 'Voice Call' },
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
