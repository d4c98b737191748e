import type { TokenCount } from './answer';
import { costUsd, type PriceTable } from './prices';
import type { LlmUsage } from './types';

/** Adds up what the attempts of one call spend: an answer that was thrown away is paid for too. */
export interface UsageMeter {
	/** Before an attempt. */
	start(): void;
	/** What an attempt spent, where the provider said so; some models are paid by the minute of audio. */
	spent(tokens: TokenCount | null, requestId: string | null, minutes?: number): void;
	/** The request id of an attempt that failed. */
	failed(requestId: string | undefined): void;
	read(outcome: string): LlmUsage;
}

export function createUsageMeter(provider: string, model: string, now: () => number, prices: PriceTable): UsageMeter {
	const startedAt = now();
	const total: TokenCount = { input: 0, cachedInput: 0, cacheWrite: 0, output: 0 };
	const byTokens = ({ input, cachedInput, cacheWrite, output }: TokenCount): number | null =>
		costUsd(
			{ model, inputTokens: input, cachedInputTokens: cachedInput, cacheWriteTokens: cacheWrite, outputTokens: output },
			prices,
		);
	// An unknown model stays null; a known one that never answered has cost nothing.
	let cost = prices.minutes?.[model] === undefined ? byTokens(total) : 0;
	let attempts = 0;
	let told = true;
	let lastRequestId: string | null = null;
	return {
		start: () => {
			attempts += 1;
		},
		spent: (tokens, requestId, minutes) => {
			lastRequestId = requestId ?? lastRequestId;
			if (tokens === null) {
				told = false;
				cost = null;
				return;
			}
			total.input += tokens.input;
			total.cachedInput += tokens.cachedInput;
			total.cacheWrite += tokens.cacheWrite;
			total.output += tokens.output;
			const aMinute = prices.minutes?.[model];
			const price = aMinute === undefined ? byTokens(tokens) : aMinute * (minutes ?? 0);
			cost = cost === null || price === null ? null : cost + price;
		},
		failed: (requestId) => {
			lastRequestId = requestId ?? lastRequestId;
		},
		read: (outcome) => ({
			provider,
			model,
			inputTokens: told ? total.input : null,
			cachedInputTokens: told ? total.cachedInput : null,
			outputTokens: told ? total.output : null,
			costUsd: cost,
			latencyMs: Math.max(0, Math.round(now() - startedAt)),
			attempts,
			requestId: lastRequestId,
			outcome,
		}),
	};
}
