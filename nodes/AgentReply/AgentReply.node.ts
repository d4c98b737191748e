import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';
import { holdLeases } from '../../core/conversations';
import {
	INPUTS_WITH_MODEL,
	itemDatabase,
	MODEL_CREDENTIALS,
	modelSourceFields,
	optionsField,
	POSTGRES_CREDENTIAL,
	routeEachItem,
	turnField,
	TURNS_AT_ONCE,
	VAULT_CREDENTIAL,
	vaultTest,
} from '../shared';
import { OUTPUTS, answerItem } from './answer-item';
import { toolsBaseUrlField } from './tool-connection';

export class AgentReply implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Agent Reply',
		name: 'agentReply',
		icon: { light: 'file:agent-reply.svg', dark: 'file:agent-reply.dark.svg' },
		group: ['transform'],
		version: [1],
		subtitle: 'frozen agent, checked reply',
		description:
			'Decides what a leased turn is answered with: one model call by the frozen agent, checked before and after',
		defaults: { name: 'Agent Reply' },
		inputs: INPUTS_WITH_MODEL,
		outputs: [NodeConnectionTypes.Main, NodeConnectionTypes.Main],
		outputNames: ['Decided', 'Put Back'],
		usableAsTool: true,
		credentials: [
			POSTGRES_CREDENTIAL,
			...MODEL_CREDENTIALS,
			{ name: VAULT_CREDENTIAL, displayName: 'Vault Key', required: false, testedBy: 'vaultTest' },
		],
		properties: [
			...modelSourceFields({
				name: 'Model of the Agent',
				description: 'The model that the agent was compiled for: part of its frozen version',
			}),
			{
				displayName:
					'The model is a setting of the agent. Add the credential of each provider that your agents use: Anthropic, OpenAI, or both.',
				name: 'providerNotice',
				type: 'notice',
				displayOptions: { show: { modelSource: ['settings'] } },
				default: '',
			},
			{
				displayName: 'Agents with tools also need the Vault Key, which signs their calls.',
				name: 'toolsNotice',
				type: 'notice',
				default: '',
			},
			turnField,
			optionsField([toolsBaseUrlField]),
		],
	};

	methods = { credentialTest: { vaultTest } };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const databaseFor = itemDatabase(this);
		// A turn whose answer failed keeps its lease until it runs out, then it is taken again: it belongs to "Put Back".
		const routing = { outputs: OUTPUTS.count, errorOutput: OUTPUTS.putBack, atOnce: TURNS_AT_ONCE };
		const held = holdLeases();
		try {
			return await routeEachItem(this, routing, async (itemIndex) => [
				await answerItem(this, await databaseFor(itemIndex), itemIndex, held),
			]);
		} finally {
			held.release();
		}
	}
}
