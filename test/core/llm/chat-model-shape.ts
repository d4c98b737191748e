import OpenAI from 'openai';
import type { ChatModel, ChatModelMessage } from '../../../core/llm';

export interface ShapeOptions {
	url: string;
	model?: string;
	/** false: the method is missing; 'throws': it says so when it is called. */
	structured?: boolean | 'throws';
	/** Tokens are told as usage_metadata unless said. */
	tells?: 'usage_metadata' | 'nothing' | 'zeros';
	/** Some models do not listen to it. */
	ignoresSignal?: boolean;
	/** A schema on the wire is refused with 400. */
	refusesSchemas?: boolean;
}

/** A chat model in the shape in which LangChain's reach a node of n8n, errors wrapped as n8n wraps them. */
export function chatModelOf(options: ShapeOptions): ChatModel & { asked: ChatModelMessage[][] } {
	const { url, model = 'gpt-4o-mini', structured = true, tells = 'usage_metadata' } = options;
	const client = new OpenAI({ apiKey: 'test-key', baseURL: `${url}/v1`, maxRetries: 0, logLevel: 'off' });
	const asked: ChatModelMessage[][] = [];
	const send = async (messages: ChatModelMessage[], signal: AbortSignal, format?: object): Promise<object> => {
		asked.push(messages);
		if (format && options.refusesSchemas) throw inN8n(Object.assign(new Error('400 no schemas'), { status: 400 }));
		try {
			const body = { model, messages, ...(format ? { response_format: format } : {}) } as never;
			const completion = (await client.chat.completions.create(
				body,
				options.ignoresSignal ? {} : { signal },
			)) as OpenAI.ChatCompletion;
			return messageOf(completion, tells);
		} catch (error) {
			throw inN8n(error);
		}
	};
	return {
		asked,
		modelName: model,
		_llmType: () => 'openai',
		invoke: async (messages, { signal }) => await send(messages, signal),
		...(structured === false
			? {}
			: {
					withStructuredOutput: (schema, { name }) => {
						if (structured === 'throws') throw new Error('Chat model must implement ".bindTools()".');
						const format = { type: 'json_schema', json_schema: { name, schema } };
						return {
							invoke: async (messages, { signal }) => ({
								raw: await send(messages, signal, format),
								parsed: null,
							}),
						};
					},
				}),
	};
}

function messageOf(completion: OpenAI.ChatCompletion, tells: ShapeOptions['tells']): object {
	const [choice] = completion.choices;
	const input = completion.usage?.prompt_tokens ?? 0;
	const cached = completion.usage?.prompt_tokens_details?.cached_tokens ?? 0;
	const output = completion.usage?.completion_tokens ?? 0;
	const told = {
		usage_metadata: {
			input_tokens: input,
			output_tokens: output,
			total_tokens: input + output,
			input_token_details: { cache_read: cached },
		},
		zeros: { input_tokens: 0, output_tokens: 0, total_tokens: 0 },
		nothing: undefined,
	};
	return {
		id: completion.id,
		content: choice.message.content ?? '',
		tool_calls: [],
		additional_kwargs: choice.message.refusal ? { refusal: choice.message.refusal } : {},
		response_metadata: { finish_reason: choice.finish_reason },
		usage_metadata: tells === 'usage_metadata' ? told.usage_metadata : told[tells ?? 'nothing'],
	};
}

/** As a Chat Model sub-node throws: n8n's sentence outside, the provider's error inside. */
const inN8n = (cause: unknown): Error =>
	Object.assign(new Error('Bad request - please check your parameters', { cause }), { name: 'NodeApiError' });
