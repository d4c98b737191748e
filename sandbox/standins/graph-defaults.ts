/** Numbers of the Graph API stand-in, each with its unit and its reason. */
export const GRAPH_DEFAULTS = {
	/** Milliseconds between accepting a message and its first status, and between two statuses: slow enough to see the ticks change. */
	statusDelayMs: 250,
	/** Milliseconds in which statuses of several messages are gathered into one body, as Meta batches under load. */
	batchWindowMs: 20,
	/** Statuses in one body at most; Meta says up to 1,000 updates. */
	batchMax: 100,
	/** Milliseconds before the first repetition of a webhook that was not answered with 200. */
	retryFirstMs: 250,
	/** Each wait is this many times the one before. */
	retryFactor: 2,
	/** Milliseconds of the longest wait. */
	retryMaxMs: 5_000,
	/** Tries of one webhook body, about ten minutes in all. The real one goes on for seven days. */
	retryAttempts: 120,
	/** Milliseconds after which a webhook call counts as unanswered. */
	webhookTimeoutMs: 10_000,
	/** Characters of a WhatsApp text body. */
	textMaxChars: 4096,
	/** Bytes (UTF-8) of an Instagram or Messenger text. */
	pageTextMaxBytes: 1000,
	/** Characters of biz_opaque_callback_data. */
	callbackDataMaxChars: 512,
	/** Delivered service messages that are free per number and month, since 2026-10-01. */
	freeServiceMessages: 1000,
	/** Days until a token with the prefix EXPIRING ends: inside every warning time. */
	expiringTokenDays: 3,
} as const;
