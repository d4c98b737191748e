import { randomBytes } from 'node:crypto';
import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import type { ReflectionPorts, Target } from '../../core/reflection';
import { connectedName, locatorField, locatorId, modelPort, tenantField } from '../shared';

/** Random bytes in the mark around customers' texts. */
const FENCE_BYTES = 12;

export const judgePorts = async (context: IExecuteFunctions, itemIndex: number): Promise<ReflectionPorts> => ({
	llm: async (model) => await modelPort(context, model, itemIndex),
	evaluator: await connectedName(context, itemIndex),
	fence: () => randomBytes(FENCE_BYTES).toString('base64url'),
	now: () => new Date(),
});

/** Whose version in service is judged. */
export const targetFields = (): INodeProperties[] => [
	tenantField(),
	{
		displayName: 'Target',
		name: 'target',
		type: 'options',
		noDataExpression: false,
		options: [
			{ name: 'Persona', value: 'persona', description: 'How the tenant classifies leads' },
			{ name: 'Prompt', value: 'prompt', description: 'How an agent replies' },
		],
		default: 'prompt',
		description: 'What is judged',
	},
	locatorField({
		...{ displayName: 'Agent Version', name: 'agentVersion', required: false },
		displayOptions: { show: { target: ['prompt'] } },
		default: '={{ $json.agent_version_id }}',
		description: 'The version that is in service: the agent picked from the list, or as an earlier node names it',
		searchMethod: 'searchVersionsInService',
	}),
];

export const targetOf = (context: IExecuteFunctions, itemIndex: number): Target =>
	context.getNodeParameter('target', itemIndex) === 'persona'
		? { target: 'persona' }
		: { target: 'prompt', agentVersionId: locatorId(context, 'agentVersion', itemIndex) };

export const conversationField: INodeProperties = locatorField({
	displayName: 'Conversation',
	name: 'conversation',
	default: '={{ $json.conversationId }}',
	description: 'The conversation to judge; picked by the name of the person, or as an earlier node names it',
	searchMethod: 'searchConversations',
});
