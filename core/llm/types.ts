import type { z } from 'zod/v4';

/** A picture as the model gets it; both providers take these four types. */
export interface LlmImage {
	mimeType: 'image/jpeg' | 'image/png' | 'image/gif' | 'image/webp';
	base64: string;
}

/** A PDF as the model gets it: its pages, with their pictures. */
export interface LlmPdf {
	base64: string;
}

export interface LlmMessage {
	role: 'user' | 'assistant';
	content: string;
	/** Before the text; of the user only. */
	images?: readonly LlmImage[];
	/** Before the text, after the images; of the user only. Not every model behind a compatible server takes them. */
	pdfs?: readonly LlmPdf[];
}

/** One typed call. No sampling parameters: Anthropic refuses them, and a turn must be repeatable. */
export interface LlmRequest<T> {
	model: string;
	/** In order; a block with `cache` ends a prefix that the provider may cache. */
	system: Array<{ text: string; cache?: boolean }>;
	messages: LlmMessage[];
	schema: z.ZodType<T>;
	/** snake_case name of the schema, sent to the provider. */
	schemaName: string;
	maxOutputTokens: number;
	/** Milliseconds for one attempt. */
	timeoutMs: number;
	/** Further attempts after the first, inside this call. */
	maxRetries: number;
	signal?: AbortSignal;
}

export interface LlmUsage {
	provider: string;
	model: string;
	/** Null where the provider told no tokens: that is not the same as none. */
	inputTokens: number | null;
	cachedInputTokens: number | null;
	outputTokens: number | null;
	/** US dollars by the price table; null where the model is not in it, or its tokens are not known. */
	costUsd: number | null;
	latencyMs: number;
	attempts: number;
	requestId: string | null;
	/** ok, or the code of the error that ended the call. */
	outcome: string;
}

export interface LlmResult<T> {
	output: T;
	usage: LlmUsage;
}

/** One provider behind one shape. Throws FactoryError with an LLM_* code; `details.usage` carries what was spent. */
export interface LlmPort {
	readonly provider: string;
	generate<T>(request: LlmRequest<T>): Promise<LlmResult<T>>;
}

/** One audio file to be written down. */
export interface TranscriptionRequest {
	model: string;
	bytes: Uint8Array;
	/** With the ending by which the provider knows the format: voice.ogg. */
	fileName: string;
	/** ISO 639-1, where it is known: better and faster. */
	language?: string;
	/** Milliseconds for one attempt. */
	timeoutMs: number;
	maxRetries: number;
	signal?: AbortSignal;
}

export interface TranscriptionPort {
	readonly provider: string;
	transcribe(request: TranscriptionRequest): Promise<{ text: string; usage: LlmUsage }>;
}
