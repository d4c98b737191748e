import type { TokenCount } from './answer';
import { costUsd, type PriceTable } from './prices';
import type { LlmUsage } from './types';

/** Adds up what the attempts of one call spend: an answer that was thrown away is paid for too. */
export interface UsageMeter {
	/** Before an attempt. */
	start(): void;
	/** What an attempt spent, where the provider said so. */
	spent(tokens: TokenCount, requestId: string | null): void;
	/** The request id of an attempt that failed. */
	failed(requestId: string | undefined): void;
	read(outcome: string): LlmUsage;
}

export function createUsageMeter(provider: string, model: string, now: () => number, prices: PriceTable): UsageMeter {
	const startedAt = now();
	const total: TokenCount = { input: 0, cachedInput: 0, cacheWrite: 0, output: 0 };
	// An unknown model stays null; a known one that never answered has cost nothing.
	let cost = costUsd({ model, inputTokens: 0, cachedInputTokens: 0, outputTokens: 0 }, prices);
	let attempts = 0;
	let lastRequestId: string | null = null;
	return {
		start: () => {
			attempts += 1;
		},
		spent: (tokens, requestId) => {
			total.input += tokens.input;
			total.cachedInput += tokens.cachedInput;
			total.cacheWrite += tokens.cacheWrite;
			total.output += tokens.output;
			const price = costUsd(
				{
					model,
					inputTokens: tokens.input,
					cachedInputTokens: tokens.cachedInput,
					cacheWriteTokens: tokens.cacheWrite,
					outputTokens: tokens.output,
				},
				prices,
			);
			cost = cost === null || price === null ? null : cost + price;
			lastRequestId = requestId ?? lastRequestId;
		},
		failed: (requestId) => {
			lastRequestId = requestId ?? lastRequestId;
		},
		read: (outcome) => ({
			provider,
			model,
			inputTokens: total.input,
			cachedInputTokens: total.cachedInput,
			outputTokens: total.output,
			costUsd: cost,
			latencyMs: Math.max(0, Math.round(now() - startedAt)),
			attempts,
			requestId: lastRequestId,
			outcome,
		}),
	};
}
