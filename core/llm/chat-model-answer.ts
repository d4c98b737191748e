import type { AnswerEnd, ProviderAnswer, TokenCount } from './answer';
import { LLM_DEFAULTS } from './defaults';

type Fields = Record<string, unknown>;

const fields = (value: unknown): Fields => (typeof value === 'object' && value !== null ? (value as Fields) : {});
const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Reads what a chat model answered, bare or beside its parsed form: `{ raw, parsed }`. */
export function readChatAnswer(given: unknown): ProviderAnswer {
	const answered = fields(given);
	const message = 'raw' in answered ? fields(answered.raw) : answered;
	const metadata = fields(message.response_metadata);
	return {
		text: answerText(message),
		end: endOf(message, metadata),
		tokens: tokensOf(message, metadata),
		requestId: requestIdOf(message, metadata),
	};
}

/** A schema comes back as the arguments of a call or as text, by how the provider does it. */
function answerText(message: Fields): string {
	const [call] = Array.isArray(message.tool_calls) ? (message.tool_calls as unknown[]) : [];
	const { args } = fields(call);
	if (typeof args === 'object' && args !== null) return JSON.stringify(args);
	return jsonWithin(contentText(message.content));
}

function contentText(content: unknown): string {
	if (!Array.isArray(content)) return text(content);
	return content.map((block: unknown) => (typeof block === 'string' ? block : text(fields(block).text))).join('');
}

const THOUGHTS = /^\s*<think(?:ing)?>[\s\S]*?<\/think(?:ing)?>/;
const FENCED = /```(?:json)?\s*(\{[\s\S]*\})\s*```/;

/** Small models put words around their JSON: from the first brace to the last. */
function jsonWithin(said: string): string {
	const spoken = said.replace(THOUGHTS, '').trim();
	if (spoken.startsWith('{') && spoken.endsWith('}')) return spoken;
	const fenced = FENCED.exec(spoken)?.[1];
	if (fenced) return fenced;
	const [from, to] = [spoken.indexOf('{'), spoken.lastIndexOf('}')];
	return from >= 0 && to > from ? spoken.slice(from, to + 1) : spoken;
}

/** By the providers' own words, in lower case. */
const ENDS: Readonly<Record<string, AnswerEnd>> = {
	length: 'truncated',
	max_tokens: 'truncated',
	max_output_tokens: 'truncated',
	model_length: 'truncated',
	model_context_window_exceeded: 'prompt_too_long',
	refusal: 'refused',
	content_filter: 'refused',
	content_filtered: 'refused',
	guardrail_intervened: 'refused',
	safety: 'refused',
	recitation: 'refused',
	blocklist: 'refused',
	prohibited_content: 'refused',
	spii: 'refused',
	error_toxic: 'refused',
};

function endOf(message: Fields, metadata: Fields): AnswerEnd {
	const blocks = Array.isArray(message.content) ? (message.content as unknown[]) : [];
	if (text(fields(message.additional_kwargs).refusal) !== '') return 'refused';
	if (blocks.some((block) => fields(block).type === 'refusal')) return 'refused';
	const reasons = [
		fields(metadata.incomplete_details).reason,
		...['finish_reason', 'finishReason', 'stop_reason', 'stopReason', 'done_reason'].map((name) => metadata[name]),
		fields(message.additional_kwargs).finishReason,
		fields(message.additional_kwargs).stop_reason,
	];
	const ends = reasons.map((reason) => ENDS[text(reason).toLowerCase()]).filter((end) => end !== undefined);
	return ends[0] ?? 'complete';
}

const INPUT = ['input_tokens', 'promptTokens', 'prompt_tokens', 'inputTokens'];
const OUTPUT = ['output_tokens', 'completionTokens', 'completion_tokens', 'outputTokens'];

const count = (from: Fields, names: readonly string[]): number | null => {
	const value = names.map((name) => from[name]).find((one) => typeof one === 'number' && Number.isFinite(one));
	return typeof value === 'number' && value >= 0 ? Math.round(value) : null;
};

/** Null where nothing was said. Nothing can be asked for no tokens: zeros are how some say that they do not know. */
function tokensOf(message: Fields, metadata: Fields): TokenCount | null {
	for (const told of [message.usage_metadata, metadata.usage, metadata.tokenUsage].map(fields)) {
		const [input, output] = [count(told, INPUT), count(told, OUTPUT)];
		if (input === null || output === null || input + output === 0) continue;
		const details = fields(told.input_token_details);
		const cachedInput = count(details, ['cache_read']) ?? 0;
		const cacheWrite = count(details, ['cache_creation']) ?? 0;
		return { input: Math.max(input, cachedInput + cacheWrite), cachedInput, cacheWrite, output };
	}
	return null;
}

/** The provider's own id; those that the library makes up help nobody there. */
function requestIdOf(message: Fields, metadata: Fields): string | null {
	const ids = [metadata.request_id, metadata.id, message.id].map(text);
	const id = ids.find((one) => one !== '' && !/^(run-|lc_)/.test(one));
	return id?.slice(0, LLM_DEFAULTS.maxNameCharacters) ?? null;
}
