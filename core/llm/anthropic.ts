import Anthropic from '@anthropic-ai/sdk';
import type { ProviderAnswer, SendAttempt } from './answer';
import { ANTHROPIC_BASE_URL, LLM_DEFAULTS } from './defaults';
import { llmError } from './errors';
import { toStrictJsonSchema } from './json-schema';
import { createPort, type PortParts } from './port';
import type { LlmMessage, LlmPort, LlmRequest } from './types';

export interface AnthropicPortConfig extends PortParts {
	apiKey: string;
	/** Without /v1; for proxies and tests. */
	baseUrl?: string;
	/** One more header on each request, as n8n's credential offers. */
	header?: { name: string; value: string };
	fetch?: typeof fetch;
}

export function createAnthropicPort(config: AnthropicPortConfig): LlmPort {
	// Given in full, so that no environment variable of the host sends tenants' texts elsewhere.
	const baseURL = (config.baseUrl || ANTHROPIC_BASE_URL).replace(/(\/v1)?\/*$/, '');
	const client = new Anthropic({
		apiKey: config.apiKey,
		baseURL,
		maxRetries: 0,
		logLevel: 'off',
		fetch: config.fetch,
		defaultHeaders: {
			// The SDK sends the key as a bearer token; most proxies know it under the older name, as n8n's credential does.
			...(baseURL === ANTHROPIC_BASE_URL ? {} : { 'x-api-key': config.apiKey }),
			...(config.header ? { [config.header.name]: config.header.value } : {}),
		},
	});
	const send: SendAttempt = async (request, signal) => {
		const call = client.messages.create(toMessageParams(request), { signal, timeout: request.timeoutMs });
		const { data, request_id } = await call.withResponse();
		return readMessage(data, request_id);
	};
	return createPort('anthropic', send, config);
}

/**
 * `output_config.format` and not a forced tool: current models answer 400 to a forced `tool_choice` while they think,
 * and some always think. No sampling parameters: the API version that the SDK pins refuses them.
 */
function toMessageParams(request: LlmRequest<unknown>): Anthropic.MessageCreateParamsNonStreaming {
	const schema = toStrictJsonSchema(request.schema, { keepBounds: false });
	return {
		model: request.model,
		max_tokens: request.maxOutputTokens,
		system: toSystemBlocks(request.system),
		messages: request.messages.map(toMessage),
		output_config: { format: { type: 'json_schema', schema: { title: request.schemaName, ...schema } } },
	};
}

function toMessage({ role, content, images = [], pdfs = [] }: LlmMessage): Anthropic.MessageParam {
	if (images.length + pdfs.length === 0) return { role, content };
	return {
		role,
		content: [
			...images.map(({ mimeType, base64 }) => ({
				type: 'image' as const,
				source: { type: 'base64' as const, media_type: mimeType, data: base64 },
			})),
			...pdfs.map(({ base64 }) => ({
				type: 'document' as const,
				source: { type: 'base64' as const, media_type: 'application/pdf' as const, data: base64 },
			})),
			{ type: 'text' as const, text: content },
		],
	};
}

function toSystemBlocks(system: LlmRequest<unknown>['system']): Anthropic.TextBlockParam[] {
	// The API refuses empty text blocks.
	const blocks = system.filter((block) => block.text.trim() !== '');
	const marked = blocks.filter((block) => block.cache).slice(-LLM_DEFAULTS.maxCacheBreakpoints);
	return blocks.map((block) => ({
		type: 'text',
		text: block.text,
		...(marked.includes(block) ? { cache_control: { type: 'ephemeral' as const } } : {}),
	}));
}

const ENDS: Partial<Record<Anthropic.StopReason, ProviderAnswer['end']>> = {
	max_tokens: 'truncated',
	refusal: 'refused',
	model_context_window_exceeded: 'prompt_too_long',
};

function readMessage(message: Anthropic.Message, requestId: string | null | undefined): ProviderAnswer {
	if (!Array.isArray(message?.content)) {
		throw llmError('LLM_UNAVAILABLE', 'The answer is not a Message of the Anthropic API. Check the base URL.', {
			reason: 'not_a_message',
		});
	}
	const text = message.content.map((block) => (block.type === 'text' ? block.text : '')).join('');
	const read = message.usage?.cache_read_input_tokens ?? 0;
	const written = message.usage?.cache_creation_input_tokens ?? 0;
	return {
		text,
		end: (message.stop_reason && ENDS[message.stop_reason]) || 'complete',
		// `input_tokens` is only what follows the cached prefix.
		tokens: {
			input: (message.usage?.input_tokens ?? 0) + read + written,
			cachedInput: read,
			cacheWrite: written,
			output: message.usage?.output_tokens ?? 0,
		},
		requestId: requestId ?? null,
	};
}
