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
	vaultTest,
	type Operation,
} from '../shared';
import { operationField } from './operation-field';
import * as connect from './operations/connect';
import * as getCampaignRoi from './operations/get-campaign-roi';
import * as getIntegrations from './operations/get-integrations';
import * as importCsv from './operations/import-csv';
import * as importItems from './operations/import-items';
import { receiveGoogleLead, receiveLinkedInLead } from './operations/receive-lead';
import * as runDueImports from './operations/run-due-imports';
import * as saveCampaignCosts from './operations/save-campaign-costs';

const OPERATIONS: Record<string, Operation> = {
	connect,
	getCampaignRoi,
	getIntegrations,
	importCsv,
	importItems,
	receiveGoogleLead,
	receiveLinkedInLead,
	runDueImports,
	saveCampaignCosts,
};

export class LeadImport implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Lead Import',
		name: 'leadImport',
		icon: { light: 'file:lead-import.svg', dark: 'file:lead-import.dark.svg' },
		group: ['input'],
		version: [1],
		subtitle: `={{${inWords('operation')}}}`,
		description:
			'Brings in leads of Facebook, Google and LinkedIn forms and of files, each once, and tells what campaigns bring',
		defaults: { name: 'Lead Import' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		usableAsTool: true,
		credentials: [
			POSTGRES_CREDENTIAL,
			{
				name: 'metaAppApi',
				displayName: 'Meta App',
				// Facebook alone needs it, and a list of credentials cannot say so.
				required: false,
				displayOptions: { show: { operation: ['connect', 'runDueImports'] } },
				testedBy: 'metaAppTest',
			},
			{
				name: VAULT_CREDENTIAL,
				displayName: 'Vault Key',
				required: true,
				displayOptions: {
					show: { operation: ['connect', 'receiveGoogleLead', 'receiveLinkedInLead', 'runDueImports'] },
				},
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
