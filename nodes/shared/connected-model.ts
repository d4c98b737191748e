import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeProperties,
	type INodeTypeDescription,
} from 'n8n-workflow';
import { FactoryError } from '../../core/errors';
import { isChatModel, nameOfChatModel, type ChatModel } from '../../core/llm';
import { showFor } from './operations';
import { asText } from './parameters';

type Show = Parameters<typeof showFor>[0];

const CONNECTED = 'connected';
/** Characters of what n8n says of a sub-node that does not start. */
const MAX_REASON = 300;

/** Which model answers; `chosen` says in the node's own words whose setting it is otherwise. */
export const modelSourceFields = (chosen: { name: string; description: string }, show: Show = {}): INodeProperties[] =>
	showFor(show, [
		{
			displayName: 'Model',
			name: 'modelSource',
			type: 'options',
			noDataExpression: true,
			options: [
				{ name: chosen.name, value: 'settings', description: chosen.description },
				{
					name: 'Connected Chat Model',
					value: CONNECTED,
					description: 'Any Chat Model of n8n (Gemini, Mistral, Ollama …), connected below this node',
				},
			],
			default: 'settings',
			description: 'Which model is asked. A connected one answers for every tenant that passes through this node.',
		},
		{
			displayName:
				'Connect a Chat Model below. How long an answer may be and how often a fault is tried again are settings of that sub-node: leave room for 1,000 tokens. Its run in the execution shows prompts and answers.',
			name: 'connectedNotice',
			type: 'notice',
			displayOptions: { show: { modelSource: [CONNECTED] } },
			default: '',
		},
	]);

/** One main input, and one for the chat model once it is chosen. n8n works it out where it draws the node and where the model is asked for. */
export const INPUTS_WITH_MODEL: INodeTypeDescription['inputs'] = `={{ $parameter["modelSource"] === "${CONNECTED}" ? [{ type: "${NodeConnectionTypes.Main}" }, { type: "${NodeConnectionTypes.AiLanguageModel}", displayName: "Chat Model", maxConnections: 1, required: true }] : [{ type: "${NodeConnectionTypes.Main}" }] }}`;

/** The chat model below the node, or null where the model of the settings is to answer. */
export async function connectedModel(context: IExecuteFunctions, itemIndex: number): Promise<ChatModel | null> {
	if (context.getNodeParameter('modelSource', 0, 'settings') !== CONNECTED) return null;
	const model = await suppliedModel(context, itemIndex);
	if (isChatModel(model)) return model;
	throw new FactoryError(
		'CHAT_MODEL_MISSING',
		'This node is to ask a connected chat model, and none is connected. Connect a Chat Model below the node, or set Model back.',
		{ item: 'modelSource' },
	);
}

/** The name by which a connected model's work is kept; undefined where the settings name it. */
export async function connectedName(
	context: IExecuteFunctions,
	itemIndex: number,
): Promise<{ provider: string; api: string; model: string } | undefined> {
	const model = await connectedModel(context, itemIndex);
	return model ? { ...nameOfChatModel(model), api: 'chat_model' } : undefined;
}

async function suppliedModel(context: IExecuteFunctions, itemIndex: number): Promise<unknown> {
	const isThere = context
		.getParentNodes(context.getNode().name, { connectionType: NodeConnectionTypes.AiLanguageModel, depth: 1 })
		.some(({ disabled }) => !disabled);
	if (!isThere) return undefined;
	try {
		const given: unknown = await context.getInputConnectionData(NodeConnectionTypes.AiLanguageModel, itemIndex);
		return Array.isArray(given) ? given[0] : given;
	} catch (error) {
		const { message = '', description } = error as { message?: string; description?: unknown };
		const why = [message, asText(description)].filter((one) => one !== '').join(': ');
		throw new FactoryError(
			'CHAT_MODEL_UNUSABLE',
			`The connected chat model cannot be used (${why.slice(0, MAX_REASON)}). Open the sub-node and mend its settings.`,
			{ item: 'modelSource', cause: error },
		);
	}
}
