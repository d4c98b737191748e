import {
	asArray,
	asNumber,
	asText,
	isRecord,
	textOf,
	type JsonSchema,
	type LlmAnswer,
	type LlmWire,
} from './llm-exchange';
import { imagesOf } from './llm-media';

const ERROR_TYPES: Record<number, [string, string]> = {
	400: ['invalid_request_error', 'Invalid request'],
	401: ['authentication_error', 'invalid x-api-key'],
	402: ['billing_error', 'There is an issue with your billing'],
	403: ['permission_error', 'Your API key does not have permission to use the specified resource'],
	404: ['not_found_error', 'model not found'],
	413: ['request_too_large', 'Request exceeds the maximum size'],
	429: ['rate_limit_error', 'This request would exceed your rate limit'],
	500: ['api_error', 'Internal server error'],
	504: ['timeout_error', 'Request timed out'],
	529: ['overloaded_error', 'Overloaded'],
};

/** The version that the SDK pins refuses these. */
const SAMPLING = ['temperature', 'top_p', 'top_k'];

/** POST /v1/messages. */
export const anthropicWire: LlmWire = {
	provider: 'anthropic',
	requestIdHeader: 'request-id',

	refuse(headers, body) {
		if (!headers['x-api-key'] && !headers.authorization)
			return { status: 401, message: 'x-api-key header is required' };
		if (!headers['anthropic-version']) return { status: 400, message: 'anthropic-version: header is required' };
		const sampling = SAMPLING.find((name) => name in body);
		if (sampling) return { status: 400, message: `${sampling}: Extra inputs are not permitted` };
		if (!asText(body.model)) return { status: 400, message: 'model: Field required' };
		if (asNumber(body.max_tokens) === null) return { status: 400, message: 'max_tokens: Field required' };
		const messages = asArray(body.messages).filter(isRecord);
		if (messages.length === 0) return { status: 400, message: 'messages: at least one message is required' };
		const blank = messages.findIndex((message) => textOf(message.content).trim() === '');
		if (blank >= 0) return { status: 400, message: `messages.${blank}: text content blocks must be non-empty` };
		return null;
	},

	read(body) {
		const system = typeof body.system === 'string' ? [{ text: body.system }] : asArray(body.system).filter(isRecord);
		const texts = system.map((block) => textOf([block]));
		const breakpoint = system.findLastIndex((block) => isRecord(block.cache_control));
		const config = isRecord(body.output_config) ? body.output_config : {};
		const schema = isRecord(config.format) && isRecord(config.format.schema) ? config.format.schema : null;
		return {
			provider: 'anthropic',
			model: asText(body.model) ?? '',
			system: texts.join('\n\n'),
			cachePrefix: texts.slice(0, breakpoint + 1).join('\n\n'),
			images: imagesOf(asArray(body.messages).filter(isRecord).at(-1)?.content),
			messages: asArray(body.messages)
				.filter(isRecord)
				.map((message) => ({ role: String(message.role), text: textOf(message.content) })),
			schema,
			schemaName: asText(schema?.title),
			maxOutputTokens: asNumber(body.max_tokens),
		};
	},

	write(call, answer, ids) {
		return {
			id: ids.next('msg_'),
			type: 'message',
			role: 'assistant',
			model: call.model,
			content: answer.end === 'refused' ? [] : [{ type: 'text', text: answer.text, citations: null }],
			stop_reason: stopReason(answer.end),
			stop_sequence: null,
			usage: usage(answer),
		};
	},

	error(status, requestId, message) {
		const [type, standard] = ERROR_TYPES[status] ?? ['api_error', 'Internal server error'];
		return { type: 'error', error: { type, message: message ?? standard, details: null }, request_id: requestId };
	},
};

function stopReason(end: LlmAnswer['end']): string {
	if (end === 'refused') return 'refusal';
	return end === 'truncated' ? 'max_tokens' : 'end_turn';
}

function usage(answer: LlmAnswer): JsonSchema {
	return {
		// Only what follows the cached prefix.
		input_tokens: answer.inputTokens - answer.cachedTokens - answer.cacheWriteTokens,
		cache_creation_input_tokens: answer.cacheWriteTokens,
		cache_read_input_tokens: answer.cachedTokens,
		cache_creation: { ephemeral_5m_input_tokens: answer.cacheWriteTokens, ephemeral_1h_input_tokens: 0 },
		output_tokens: answer.outputTokens,
		service_tier: 'standard',
	};
}

/** GET /v1/models as Anthropic answers it. */
export function anthropicModels(models: string[]): JsonSchema {
	const data = models.map((id) => ({ type: 'model', id, display_name: id, created_at: '2026-01-01T00:00:00Z' }));
	return { data, has_more: false, first_id: models[0] ?? null, last_id: models.at(-1) ?? null };
}
