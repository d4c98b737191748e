/** What every error of the pack carries, so that a node, the CLI and a log line can say the same thing. */
export interface FactoryErrorOptions {
	/** May the same call succeed later without anybody changing anything? */
	retryable?: boolean;
	/** Milliseconds to wait before the next try, when the other side said so. */
	retryAfterMs?: number;
	/** The thing it happened to, by name or id: never a secret, never a customer's text. */
	item?: string;
	/** Machine-readable facts, e.g. the failing fields of a spec. */
	details?: unknown;
	cause?: unknown;
}

/** The one error class of core. `code` is listed in docs/errors.md; `message` says what happened and what to do. */
export class FactoryError extends Error {
	readonly code: string;
	readonly retryable: boolean;
	readonly retryAfterMs?: number;
	readonly item?: string;
	readonly details?: unknown;

	constructor(code: string, message: string, options: FactoryErrorOptions = {}) {
		super(message, { cause: options.cause });
		this.name = 'FactoryError';
		this.code = code;
		this.retryable = options.retryable ?? false;
		this.retryAfterMs = options.retryAfterMs;
		this.item = options.item;
		this.details = options.details;
	}
}

export const isFactoryError = (error: unknown): error is FactoryError => error instanceof FactoryError;
