import type { IExecuteFunctions, INodeCredentialDescription } from 'n8n-workflow';
import { FactoryError } from '../../core/errors';
import {
	createChatModelPort,
	createLlmPort,
	createTranscriptionPort,
	type LlmPort,
	type TranscriptionPort,
} from '../../core/llm';
import { connectedModel } from './connected-model';
import { keptCredential } from './kept-credential';

/** What n8n's two model credentials hold. */
interface ModelCredential {
	apiKey: string;
	url?: string;
	organizationId?: string;
	header?: boolean;
	headerName?: string;
	headerValue?: string;
}

interface Model {
	provider: string;
	api: string;
	model: string;
}

const CREDENTIALS: Record<string, { type: string; name: string }> = {
	anthropic: { type: 'anthropicApi', name: 'Anthropic' },
	openai: { type: 'openAiApi', name: 'OpenAI' },
};

/** Both may be left out: a model needs only the one of its provider. */
export const MODEL_CREDENTIALS: INodeCredentialDescription[] = Object.values(CREDENTIALS).map(({ type, name }) => ({
	name: type,
	displayName: name,
	required: false,
}));

/** The chat model below the node, or the model that an agent or a tenant's settings name, with the node's credential of that provider. */
export async function modelPort(context: IExecuteFunctions, model: Model, itemIndex = 0): Promise<LlmPort> {
	const connected = await connectedModel(context, itemIndex);
	if (connected) return createChatModelPort(connected);
	const wanted = CREDENTIALS[model.provider];
	if (!wanted)
		throw new FactoryError(
			'MODEL_UNKNOWN',
			`The model is of the provider "${model.provider}", which this node does not know. Use anthropic or openai.`,
		);
	if (!context.getNode().credentials?.[wanted.type]) {
		throw new FactoryError(
			'CREDENTIAL_MISSING',
			`The model ${model.model} is of ${wanted.name}, and this node has no ${wanted.name} credential. Add one to the node; the turn is taken again.`,
			{ item: wanted.type },
		);
	}
	const credential = await keptCredential<ModelCredential>(context, wanted.type);
	const shared = sharedConfig(credential);
	if (wanted.type === 'anthropicApi') return createLlmPort({ provider: 'anthropic', ...shared });
	return createLlmPort({
		provider: 'openai',
		...shared,
		organization: credential.organizationId?.trim() || undefined,
		api: model.api === 'chat_completions' ? 'chat_completions' : 'responses',
	});
}

/** The same OpenAI credential, for speech. */
export async function transcriptionPort(context: IExecuteFunctions): Promise<TranscriptionPort> {
	if (!hasOpenAi(context)) {
		throw new FactoryError(
			'CREDENTIAL_MISSING',
			'Audio is written down by OpenAI, and this node has no OpenAI credential. Add one to the node.',
			{ item: 'openAiApi' },
		);
	}
	const credential = await keptCredential<ModelCredential>(context, 'openAiApi');
	const organization = credential.organizationId?.trim() || undefined;
	return createTranscriptionPort({ ...sharedConfig(credential), organization });
}

export const hasOpenAi = (context: IExecuteFunctions): boolean => Boolean(context.getNode().credentials?.openAiApi);

const sharedConfig = (credential: ModelCredential) => ({
	apiKey: credential.apiKey,
	baseUrl: credential.url?.trim() || undefined,
	header: extraHeader(credential),
});

const extraHeader = ({
	header,
	headerName,
	headerValue,
}: ModelCredential): { name: string; value: string } | undefined =>
	header && headerName ? { name: headerName, value: headerValue ?? '' } : undefined;
