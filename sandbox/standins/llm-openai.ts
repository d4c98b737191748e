import {
	asArray,
	asNumber,
	asText,
	isRecord,
	textOf,
	type JsonSchema,
	type LlmCall,
	type LlmWire,
	type WireError,
} from './llm-exchange';
import { functionStep } from './llm-functions';
import { imagesOf } from './llm-media';

interface OpenAiError {
	type: string;
	code: string | null;
	message: string;
}

const ERRORS: Record<number, OpenAiError> = {
	400: { type: 'invalid_request_error', code: null, message: 'Invalid request' },
	401: { type: 'invalid_request_error', code: 'invalid_api_key', message: 'Incorrect API key provided.' },
	403: { type: 'invalid_request_error', code: 'unsupported_country_region_territory', message: 'Not supported' },
	404: { type: 'invalid_request_error', code: 'model_not_found', message: 'The model does not exist' },
	429: { type: 'requests', code: 'rate_limit_exceeded', message: 'Rate limit reached' },
	500: { type: 'server_error', code: null, message: 'The server had an error while processing your request' },
	503: { type: 'server_error', code: 'overloaded', message: 'The engine is currently overloaded' },
};

const REFUSAL = 'I’m sorry, but I can’t help with that.';

/** What both OpenAI APIs share. */
const common = {
	provider: 'openai' as const,
	requestIdHeader: 'x-request-id',
	error(status: number, _requestId: string, message?: string, param?: string): JsonSchema {
		const known = ERRORS[status] ?? { type: 'server_error', code: null, message: 'Server error' };
		return { error: { message: message ?? known.message, type: known.type, param: param ?? null, code: known.code } };
	},
};

/** POST /v1/responses. */
export const responsesWire: LlmWire = {
	...common,
	refuse: (headers, body) => refuse(headers, body, 'input'),

	read(body) {
		const input = typeof body.input === 'string' ? [{ role: 'user', content: body.input }] : asArray(body.input);
		const text = isRecord(body.text) ? body.text : {};
		return readCall(body, {
			system: asText(body.instructions) ?? '',
			messages: input.filter(isRecord),
			format: isRecord(text.format) ? text.format : {},
			maxOutputTokens: asNumber(body.max_output_tokens),
		});
	},

	write(call, answer, ids) {
		const incomplete = answer.end === 'truncated' ? { reason: 'max_output_tokens' } : null;
		const part =
			answer.end === 'refused'
				? { type: 'refusal', refusal: REFUSAL }
				: { type: 'output_text', text: answer.text, annotations: [], logprobs: [] };
		const status = incomplete ? 'incomplete' : 'completed';
		return {
			id: ids.next('resp_'),
			object: 'response',
			created_at: ids.nowSeconds(),
			status,
			error: null,
			incomplete_details: incomplete,
			model: call.model,
			output: [{ id: ids.next('msg_'), type: 'message', role: 'assistant', status, content: [part] }],
			store: false,
			usage: {
				input_tokens: answer.inputTokens,
				input_tokens_details: { cached_tokens: answer.cachedTokens, cache_write_tokens: 0 },
				output_tokens: answer.outputTokens,
				output_tokens_details: { reasoning_tokens: 0 },
				total_tokens: answer.inputTokens + answer.outputTokens,
			},
		};
	},
};

/** POST /v1/chat/completions. */
export const chatCompletionsWire: LlmWire = {
	...common,
	refuse: (headers, body) => refuse(headers, body, 'messages'),

	read(body) {
		const format = isRecord(body.response_format) ? body.response_format : {};
		const call = readCall(body, {
			system: '',
			messages: asArray(body.messages).filter(isRecord),
			format: isRecord(format.json_schema) ? format.json_schema : {},
			maxOutputTokens: asNumber(body.max_completion_tokens) ?? asNumber(body.max_tokens),
		});
		return { ...call, step: functionStep(body) };
	},

	write(call, answer, ids) {
		const refused = answer.end === 'refused';
		const step = refused ? null : (call.step ?? null);
		const calls =
			step && 'call' in step ? [{ id: ids.next('call_'), type: 'function', function: step.call }] : undefined;
		const said = step && 'say' in step ? step.say : answer.text;
		return {
			id: ids.next('chatcmpl-'),
			object: 'chat.completion',
			created: ids.nowSeconds(),
			model: call.model,
			choices: [
				{
					index: 0,
					message: {
						role: 'assistant',
						content: refused || calls ? null : said,
						refusal: refused ? REFUSAL : null,
						annotations: [],
						...(calls ? { tool_calls: calls } : {}),
					},
					logprobs: null,
					finish_reason: calls ? 'tool_calls' : answer.end === 'truncated' ? 'length' : 'stop',
				},
			],
			usage: {
				prompt_tokens: answer.inputTokens,
				completion_tokens: answer.outputTokens,
				total_tokens: answer.inputTokens + answer.outputTokens,
				prompt_tokens_details: { cached_tokens: answer.cachedTokens, audio_tokens: 0 },
				completion_tokens_details: { reasoning_tokens: 0, audio_tokens: 0 },
			},
			service_tier: 'default',
		};
	},
};

function refuse(
	headers: Record<string, string | string[] | undefined>,
	body: JsonSchema,
	inputField: string,
): WireError | null {
	if (!/^Bearer \S+/.test(String(headers.authorization ?? ''))) {
		return { status: 401, message: 'You didn’t provide an API key.' };
	}
	for (const param of ['model', inputField]) {
		if (!body[param]) return { status: 400, message: `Missing required parameter: '${param}'.`, param };
	}
	return null;
}

interface CallParts {
	system: string;
	messages: Array<Record<string, unknown>>;
	format: Record<string, unknown>;
	maxOutputTokens: number | null;
}

const SYSTEM_ROLES = new Set(['system', 'developer']);

function readCall(body: JsonSchema, parts: CallParts): LlmCall {
	const texts = parts.messages.map((message) => ({ role: String(message.role), text: textOf(message.content) }));
	const instructions = texts.filter((message) => SYSTEM_ROLES.has(message.role)).map((message) => message.text);
	const system = [parts.system, ...instructions].filter((text) => text !== '').join('\n\n');
	return {
		provider: 'openai',
		model: asText(body.model) ?? '',
		system,
		// OpenAI caches prefixes by itself: here the whole of the instructions.
		cachePrefix: system,
		images: imagesOf(parts.messages.at(-1)?.content),
		messages: texts.filter((message) => !SYSTEM_ROLES.has(message.role)),
		schema: isRecord(parts.format.schema) ? parts.format.schema : null,
		schemaName: asText(parts.format.name),
		maxOutputTokens: parts.maxOutputTokens,
	};
}

/** GET /v1/models as OpenAI answers it. */
export function openAiModels(models: string[]): JsonSchema {
	const data = models.map((id) => ({ id, object: 'model', created: 1767225600, owned_by: 'agent-factory-stand-in' }));
	return { object: 'list', data };
}
