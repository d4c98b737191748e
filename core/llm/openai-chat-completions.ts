import type OpenAI from 'openai';
import type { ProviderAnswer } from './answer';
import { llmError } from './errors';
import { dataUrl, PDF_NAME, pdfUrl } from './image';
import { toStrictJsonSchema } from './json-schema';
import type { LlmMessage, LlmRequest } from './types';

/** One attempt over Chat Completions, the dialect of Ollama, vLLM and most proxies. */
export async function sendChatCompletion(
	client: OpenAI,
	request: LlmRequest<unknown>,
	signal: AbortSignal,
): Promise<ProviderAnswer> {
	const call = client.chat.completions.create(toChatParams(request), { signal, timeout: request.timeoutMs });
	const { data, request_id } = await call.withResponse();
	return readCompletion(data, request_id);
}

function toChatParams(request: LlmRequest<unknown>): OpenAI.ChatCompletionCreateParamsNonStreaming {
	const system = request.system.map((block) => block.text).join('\n\n');
	return {
		model: request.model,
		messages: [
			...(system.trim() === '' ? [] : [{ role: 'system' as const, content: system }]),
			...request.messages.map(toChatMessage),
		],
		max_completion_tokens: request.maxOutputTokens,
		store: false,
		response_format: {
			type: 'json_schema',
			json_schema: {
				name: request.schemaName,
				strict: true,
				schema: toStrictJsonSchema(request.schema, { keepBounds: true }),
			},
		},
	};
}

function toChatMessage({ role, content, images = [], pdfs = [] }: LlmMessage): OpenAI.ChatCompletionMessageParam {
	if (role !== 'user' || images.length + pdfs.length === 0) return { role, content };
	return {
		role,
		content: [
			...images.map((image) => ({ type: 'image_url' as const, image_url: { url: dataUrl(image) } })),
			...pdfs.map((pdf) => ({ type: 'file' as const, file: { filename: PDF_NAME, file_data: pdfUrl(pdf) } })),
			{ type: 'text' as const, text: content },
		],
	};
}

function readCompletion(completion: OpenAI.ChatCompletion, requestId: string | null): ProviderAnswer {
	const choice = completion?.choices?.[0];
	if (!choice?.message) {
		throw llmError('LLM_UNAVAILABLE', 'The answer is not a Chat Completion. Check the base URL.', {
			reason: 'not_a_completion',
		});
	}
	return {
		text: choice.message.content ?? '',
		end: choice.message.refusal ? 'refused' : endOf(choice.finish_reason),
		tokens: {
			input: completion.usage?.prompt_tokens ?? 0,
			cachedInput: completion.usage?.prompt_tokens_details?.cached_tokens ?? 0,
			cacheWrite: completion.usage?.prompt_tokens_details?.cache_write_tokens ?? 0,
			output: completion.usage?.completion_tokens ?? 0,
		},
		requestId,
	};
}

function endOf(reason: OpenAI.ChatCompletion.Choice['finish_reason']): ProviderAnswer['end'] {
	if (reason === 'content_filter') return 'refused';
	return reason === 'length' ? 'truncated' : 'complete';
}
