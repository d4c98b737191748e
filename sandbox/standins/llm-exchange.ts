/** One call to a model in one shape, whichever API it came in through. */
export interface LlmCall {
	provider: 'anthropic' | 'openai';
	model: string;
	/** The system prompt, blocks joined by a blank line. */
	system: string;
	/** The part of the prompt that the provider would cache. */
	cachePrefix: string;
	messages: Array<{ role: string; text: string }>;
	/** The pictures of the last message. */
	images: Buffer[];
	/** JSON Schema that the answer must fit; null where none is asked for. */
	schema: JsonSchema | null;
	schemaName: string | null;
	maxOutputTokens: number | null;
	/** Where functions are offered: what the model does with them, in place of a scripted answer. */
	step?: { call: { name: string; arguments: string } } | { say: string } | null;
}

export type JsonSchema = Record<string, unknown>;

export interface LlmAnswer {
	text: string;
	end: 'complete' | 'truncated' | 'refused';
	inputTokens: number;
	/** Part of `inputTokens` that an earlier call put into the cache. */
	cachedTokens: number;
	/** Part of `inputTokens` that this call puts into the cache. */
	cacheWriteTokens: number;
	outputTokens: number;
}

/** Ids of the stand-in count up, so that a run can be repeated and read. */
export interface ExchangeIds {
	next(prefix: string): string;
	/** Seconds since the epoch. */
	nowSeconds(): number;
}

/** How one API puts a call on the wire. */
export interface LlmWire {
	provider: LlmCall['provider'];
	requestIdHeader: string;
	/** An error body, where the API would refuse the request; null where it is fine. */
	refuse(headers: Record<string, string | string[] | undefined>, body: JsonSchema): WireError | null;
	read(body: JsonSchema): LlmCall;
	write(call: LlmCall, answer: LlmAnswer, ids: ExchangeIds): JsonSchema;
	error(status: number, requestId: string, message?: string, param?: string): JsonSchema;
}

export interface WireError {
	status: number;
	message: string;
	param?: string;
}

/** A message's content: a text, or blocks of which the text ones count. */
export function textOf(content: unknown): string {
	if (typeof content === 'string') return content;
	if (!Array.isArray(content)) return '';
	return content.map((block) => (isRecord(block) && typeof block.text === 'string' ? block.text : '')).join('');
}

export const isRecord = (value: unknown): value is Record<string, unknown> =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

export const asArray = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

export const asText = (value: unknown): string | null => (typeof value === 'string' ? value : null);

export const asNumber = (value: unknown): number | null => (typeof value === 'number' ? value : null);
