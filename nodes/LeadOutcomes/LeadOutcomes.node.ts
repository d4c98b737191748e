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
import * as createVerdictLinks from './operations/create-verdict-links';
import * as createWebhookSecret from './operations/create-webhook-secret';
import * as list from './operations/list';
import * as openVerdictLink from './operations/open-verdict-link';
import * as receive from './operations/receive';
import * as receiveVerdict from './operations/receive-verdict';
import * as record from './operations/record';
import * as scoreMeaning from './operations/score-meaning';
import * as trainScorer from './operations/train-scorer';

const OPERATIONS: Record<string, Operation> = {
	createVerdictLinks,
	createWebhookSecret,
	list,
	openVerdictLink,
	receive,
	receiveVerdict,
	record,
	scoreMeaning,
	trainScorer,
};

/** These seal or open a link, or a secret. */
const WITH_VAULT = ['createVerdictLinks', 'createWebhookSecret', 'openVerdictLink', 'receive', 'receiveVerdict'];

export class LeadOutcomes implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Lead Outcomes',
		name: 'leadOutcomes',
		icon: { light: 'file:lead-outcomes.svg', dark: 'file:lead-outcomes.dark.svg' },
		group: ['transform'],
		version: [1],
		subtitle: `={{${inWords('operation')}}}`,
		description: 'Records what became of leads, by hand, one-tap link or CRM, and learns from it what a score is worth',
		defaults: { name: 'Lead Outcomes' },
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
