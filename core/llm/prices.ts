/** US dollars per million tokens. */
export interface ModelPrice {
	input: number;
	/** Input read from the provider's cache. */
	cachedInput: number;
	output: number;
	/** Input written to the cache (5 minutes); where absent it costs as much as other input. */
	cacheWrite?: number;
	/** Prices of a whole call whose prompt is longer than this. */
	longPrompt?: { aboveTokens: number; price: ModelPrice };
}

export interface PriceTable {
	/** Day on which the figures were read, ISO 8601. */
	asOf: string;
	/** By model name without its date suffix. */
	models: Readonly<Record<string, ModelPrice>>;
	/** US dollars per minute of audio, of models that are paid so. */
	minutes?: Readonly<Record<string, number>>;
}

/** What a price is computed from. `inputTokens` is the whole prompt, cached part included. */
export interface PricedUsage {
	model: string;
	inputTokens: number;
	cachedInputTokens: number;
	outputTokens: number;
	cacheWriteTokens?: number;
}

const sonnet4: ModelPrice = { input: 3, cachedInput: 0.3, output: 15, cacheWrite: 3.75 };
const opus4: ModelPrice = { input: 15, cachedInput: 1.5, output: 75, cacheWrite: 18.75 };
const opus45: ModelPrice = { input: 5, cachedInput: 0.5, output: 25, cacheWrite: 6.25 };

/** Standard tier list prices, from the providers' public price pages. Check them at every release. */
export const PRICES: PriceTable = {
	asOf: '2026-11-05',
	models: {
		'claude-haiku-4-5': { input: 1, cachedInput: 0.1, output: 5, cacheWrite: 1.25 },
		'claude-haiku-5-5': {
			input: 0.1,
			cachedInput: 0.01,
			output: 0.5,
			cacheWrite: 0.125,
			longPrompt: {
				aboveTokens: 100_000,
				price: { input: 0.5, cachedInput: 0.05, output: 2.5, cacheWrite: 0.625 },
			},
		},
		'claude-sonnet-4': sonnet4,
		'claude-sonnet-4-0': sonnet4,
		'claude-sonnet-4-5': sonnet4,
		'claude-sonnet-4-6': sonnet4,
		'claude-sonnet-5': { input: 2, cachedInput: 0.2, output: 10, cacheWrite: 2.5 },
		'claude-sonnet-5-5': { input: 2, cachedInput: 0.1, output: 10, cacheWrite: 2.5 },
		'claude-opus-4': opus4,
		'claude-opus-4-0': opus4,
		'claude-opus-4-1': opus4,
		'claude-opus-4-5': opus45,
		'claude-opus-4-6': opus45,
		'claude-opus-4-7': opus45,
		'claude-opus-4-8': opus45,
		'claude-opus-5': opus45,
		'claude-opus-5-5': { input: 4, cachedInput: 0.2, output: 20, cacheWrite: 5 },
		'gpt-4o': { input: 2.5, cachedInput: 1.25, output: 10 },
		'gpt-4o-mini': { input: 0.15, cachedInput: 0.075, output: 0.6 },
		'gpt-4.1': { input: 2, cachedInput: 0.5, output: 8 },
		'gpt-4.1-mini': { input: 0.4, cachedInput: 0.1, output: 1.6 },
		'gpt-4.1-nano': { input: 0.1, cachedInput: 0.025, output: 0.4 },
		'gpt-5': { input: 1.25, cachedInput: 0.125, output: 10 },
		'gpt-5-chat': { input: 1.25, cachedInput: 0.125, output: 10 },
		'gpt-5-mini': { input: 0.25, cachedInput: 0.025, output: 2 },
		'gpt-5-nano': { input: 0.05, cachedInput: 0.005, output: 0.4 },
		'gpt-5.1': { input: 1.25, cachedInput: 0.125, output: 10 },
		'gpt-5.2': { input: 1.75, cachedInput: 0.175, output: 14 },
		'gpt-5.4': { input: 2.5, cachedInput: 0.25, output: 15 },
		'gpt-5.4-mini': { input: 0.75, cachedInput: 0.075, output: 4.5 },
		'gpt-5.4-nano': { input: 0.2, cachedInput: 0.02, output: 1.25 },
		'gpt-5.5': { input: 5, cachedInput: 0.5, output: 30 },
		'gpt-5.6-luna': { input: 0.2, cachedInput: 0.02, output: 1.2, cacheWrite: 0.25 },
		'gpt-5.6-terra': { input: 2, cachedInput: 0.2, output: 12, cacheWrite: 2.5 },
		'gpt-4o-transcribe': { input: 2.5, cachedInput: 0, output: 10 },
		'gpt-4o-mini-transcribe': { input: 1.25, cachedInput: 0, output: 5 },
		'gpt-6-luna': { input: 0.1, cachedInput: 0.01, output: 0.5, cacheWrite: 0.125 },
		'gpt-6-sol': { input: 2, cachedInput: 0.2, output: 10, cacheWrite: 2.5 },
	},
	minutes: { 'whisper-1': 0.006 },
};

/** -20250929, -2025-08-07 or -latest: the same model, pinned or not. */
const VERSION_SUFFIX = /-(\d{8}|\d{4}-\d{2}-\d{2}|latest)$/;

/**
 * The price of one call, or null where the model is not in the table. Only a date suffix is ignored: a plain prefix
 * would price `gpt-5-pro` as `gpt-5`, and a wrong cost is worse than none.
 */
export function costUsd(usage: PricedUsage, table: PriceTable = PRICES): number | null {
	const listed = table.models[usage.model] ?? table.models[usage.model.replace(VERSION_SUFFIX, '')];
	if (!listed) return null;
	const long = listed.longPrompt;
	const price = long && usage.inputTokens > long.aboveTokens ? long.price : listed;
	const written = usage.cacheWriteTokens ?? 0;
	const plain = Math.max(0, usage.inputTokens - usage.cachedInputTokens - written);
	const perMillion =
		plain * price.input +
		usage.cachedInputTokens * price.cachedInput +
		written * (price.cacheWrite ?? price.input) +
		usage.outputTokens * price.output;
	return perMillion / 1_000_000;
}
