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
	vaultTest,
	type Operation,
} from '../shared';
import { operationField } from './operation-field';
import * as deliverDue from './operations/deliver-due';
import * as enqueueReply from './operations/enqueue-reply';
import * as listUnknown from './operations/list-unknown';
import * as sendMessage from './operations/send-message';
import * as sendPrivateReply from './operations/send-private-reply';
import * as sendTemplate from './operations/send-template';
import * as settleUnknown from './operations/settle-unknown';

const OPERATIONS: Record<string, Operation> = {
	deliverDue,
	enqueueReply,
	listUnknown,
	sendMessage,
	sendPrivateReply,
	sendTemplate,
	settleUnknown,
};

const WHEN_SENDING = { show: { operation: ['deliverDue'] } };

export class OutboxSend implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Outbox Send',
		name: 'outboxSend',
		icon: { light: 'file:outbox-send.svg', dark: 'file:outbox-send.dark.svg' },
		group: ['output'],
		version: [1],
		subtitle: `={{${inWords('operation')}}}`,
		description: 'Writes replies to the outbox and delivers what is due, each message at most once',
		defaults: { name: 'Outbox Send' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		usableAsTool: true,
		credentials: [
			POSTGRES_CREDENTIAL,
			{
				name: 'metaAppApi',
				displayName: 'Meta App',
				required: true,
				displayOptions: WHEN_SENDING,
				testedBy: 'metaAppTest',
			},
			{
				name: 'agentFactoryVaultApi',
				displayName: 'Vault Key',
				required: true,
				displayOptions: WHEN_SENDING,
				testedBy: 'vaultTest',
			},
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
