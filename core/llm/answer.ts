import type { LlmRequest } from './types';

/** Tokens of one attempt. `input` is the whole prompt: what was read from and written to the cache is part of it. */
export interface TokenCount {
	input: number;
	cachedInput: number;
	cacheWrite: number;
	output: number;
}

/** Why the model stopped: only `complete` carries a usable text. */
export type AnswerEnd = 'complete' | 'truncated' | 'refused' | 'prompt_too_long';

/** What a provider said to one attempt, in one shape for all of them. */
export interface ProviderAnswer {
	text: string;
	end: AnswerEnd;
	/** Null where the provider told none. */
	tokens: TokenCount | null;
	requestId: string | null;
}

/** One attempt at one provider. Throws what its SDK throws. */
export type SendAttempt = (request: LlmRequest<unknown>, signal: AbortSignal) => Promise<ProviderAnswer>;
