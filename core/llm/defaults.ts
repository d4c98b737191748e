/** Numbers of the LLM port. Times in milliseconds. */
export const LLM_DEFAULTS = {
	/** Answers that do not fit the schema are paid for, so one more and no further. */
	maxInvalidOutputRetries: 1,
	/** First wait between attempts; doubles each time, half of it random (equal jitter). */
	backoffBaseMs: 500,
	/** A contact is waiting and a lease is running: longer waits go through the queue. */
	backoffMaxMs: 8_000,
	/** A longer `retry-after` ends the call instead: asking earlier than told only prolongs the limit. */
	retryAfterMaxMs: 15_000,
	/** Anthropic accepts four cache breakpoints a request. */
	maxCacheBreakpoints: 4,
	/** Characters of a wrong answer that a connected chat model is shown again. */
	maxRepairCharacters: 8_000,
	/** Characters of a name or id that a connected chat model gives itself. */
	maxNameCharacters: 100,
} as const;

export const ANTHROPIC_BASE_URL = 'https://api.anthropic.com';
export const OPENAI_BASE_URL = 'https://api.openai.com/v1';
