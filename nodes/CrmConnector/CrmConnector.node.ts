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
import * as connect from './operations/connect';
import * as createConnectLink from './operations/create-connect-link';
import * as createDeal from './operations/create-deal';
import * as disconnect from './operations/disconnect';
import * as finishConnect from './operations/finish-connect';
import * as getIntegrations from './operations/get-integrations';
import * as getRemoteStages from './operations/get-remote-stages';
import * as mapStages from './operations/map-stages';
import * as receiveWebhook from './operations/receive-webhook';
import * as runDueWork from './operations/run-due-work';
import * as saveOAuthApp from './operations/save-oauth-app';

const OPERATIONS: Record<string, Operation> = {
	connect,
	createConnectLink,
	createDeal,
	disconnect,
	finishConnect,
	getIntegrations,
	getRemoteStages,
	mapStages,
	receiveWebhook,
	runDueWork,
	saveOAuthApp,
};

/** These open no token. */
const WITHOUT_VAULT = ['getIntegrations', 'receiveWebhook'];

export class CrmConnector implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'CRM Connector',
		name: 'crmConnector',
		icon: { light: 'file:crm-connector.svg', dark: 'file:crm-connector.dark.svg' },
		group: ['transform'],
		version: [1],
		subtitle: `={{${inWords('operation')}}}`,
		description: "Makes one deal a lead in the tenant's Pipedrive or RD Station and keeps the stages of both in step",
		defaults: { name: 'CRM Connector' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		usableAsTool: true,
		credentials: [
			POSTGRES_CREDENTIAL,
			{
				name: VAULT_CREDENTIAL,
				displayName: 'Vault Key',
				required: true,
				displayOptions: { hide: { operation: WITHOUT_VAULT } },
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
