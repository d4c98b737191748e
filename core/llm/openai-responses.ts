import { createHash } from 'node:crypto';
import type OpenAI from 'openai';
import type { ProviderAnswer } from './answer';
import { llmError } from './errors';
import { dataUrl, PDF_NAME, pdfUrl } from './image';
import { toStrictJsonSchema } from './json-schema';
import type { LlmMessage, LlmRequest } from './types';

/** One attempt over the Responses API. */
export async function sendResponse(
	client: OpenAI,
	request: LlmRequest<unknown>,
	signal: AbortSignal,
): Promise<ProviderAnswer> {
	const call = client.responses.create(toResponseParams(request), { signal, timeout: request.timeoutMs });
	const { data, request_id } = await call.withResponse();
	return readResponse(data, request_id);
}

function toResponseParams(request: LlmRequest<unknown>): OpenAI.Responses.ResponseCreateParamsNonStreaming {
	return {
		model: request.model,
		instructions: request.system.map((block) => block.text).join('\n\n'),
		input: request.messages.map(toInputItem),
		max_output_tokens: request.maxOutputTokens,
		// The default keeps every conversation at the provider for at least 30 days.
		store: false,
		prompt_cache_key: cacheKey(request.system),
		text: {
			format: {
				type: 'json_schema',
				name: request.schemaName,
				strict: true,
				schema: toStrictJsonSchema(request.schema, { keepBounds: true }),
			},
		},
	};
}

function toInputItem({ role, content, images = [], pdfs = [] }: LlmMessage): OpenAI.Responses.EasyInputMessage {
	if (images.length + pdfs.length === 0) return { role, content };
	return {
		role,
		content: [
			...images.map((image) => ({ type: 'input_image' as const, detail: 'auto' as const, image_url: dataUrl(image) })),
			...pdfs.map((pdf) => ({ type: 'input_file' as const, filename: PDF_NAME, file_data: pdfUrl(pdf) })),
			{ type: 'input_text' as const, text: content },
		],
	};
}

/** Calls with one prefix should meet on one machine of the provider, where that prefix is cached. */
function cacheKey(system: LlmRequest<unknown>['system']): string | undefined {
	const end = system.findLastIndex((block) => block.cache);
	if (end < 0) return undefined;
	const prefix = system.slice(0, end + 1).map((block) => block.text);
	return createHash('sha256').update(JSON.stringify(prefix)).digest('hex').slice(0, 32);
}

function readResponse(response: OpenAI.Responses.Response, requestId: string | null): ProviderAnswer {
	if (!Array.isArray(response?.output)) {
		throw llmError(
			'LLM_UNAVAILABLE',
			'The answer is not a Response of the OpenAI API. Check the base URL, or choose Chat Completions.',
			{ reason: 'not_a_response' },
		);
	}
	if (response.status === 'failed') throw failedResponse(response, requestId);
	const parts = response.output.flatMap((item) => (item.type === 'message' ? item.content : []));
	const text = parts.map((part) => (part.type === 'output_text' ? part.text : '')).join('');
	return {
		text,
		end: parts.some((part) => part.type === 'refusal') ? 'refused' : endOf(response),
		tokens: {
			input: response.usage?.input_tokens ?? 0,
			cachedInput: response.usage?.input_tokens_details?.cached_tokens ?? 0,
			cacheWrite: response.usage?.input_tokens_details?.cache_write_tokens ?? 0,
			output: response.usage?.output_tokens ?? 0,
		},
		requestId,
	};
}

function endOf(response: OpenAI.Responses.Response): ProviderAnswer['end'] {
	if (response.status !== 'incomplete') return 'complete';
	return response.incomplete_details?.reason === 'content_filter' ? 'refused' : 'truncated';
}

function failedResponse(response: OpenAI.Responses.Response, requestId: string | null): Error {
	const providerCode = response.error?.code ?? 'failed';
	const code = providerCode === 'rate_limit_exceeded' ? 'LLM_RATE_LIMITED' : 'LLM_UNAVAILABLE';
	const message = `openai could not finish its answer (${providerCode}). The turn is tried again.`;
	return llmError(code, message, { providerCode, requestId: requestId ?? undefined }, { item: response.model });
}
