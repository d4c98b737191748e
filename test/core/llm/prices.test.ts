import { costUsd, PRICES } from '../../../core/llm';

const usage = { inputTokens: 1_000_000, cachedInputTokens: 0, outputTokens: 0 };

describe('costUsd', () => {
	it.each([
		['the listed name', 'claude-haiku-4-5', 1],
		['a name with a compact date', 'claude-haiku-4-5-20251001', 1],
		['a name with a dashed date', 'gpt-4.1-mini-2025-04-14', 0.4],
		['a moving alias', 'gpt-5-chat-latest', 1.25],
	])('finds %s', (_case, model, cost) => {
		expect(costUsd({ ...usage, model })).toBeCloseTo(cost);
	});

	it.each(['llama3.2', 'gpt-5-pro', 'claude-haiku-9', 'gpt-4.1-mini-tuned', ''])('has no price for "%s"', (model) => {
		expect(costUsd({ ...usage, model })).toBeNull();
	});

	it('charges plain, cached, written and output tokens each at its rate', () => {
		const cost = costUsd({
			model: 'claude-sonnet-4-5',
			inputTokens: 10_000,
			cachedInputTokens: 6_000,
			cacheWriteTokens: 3_000,
			outputTokens: 500,
		});
		expect(cost).toBeCloseTo((1_000 * 3 + 6_000 * 0.3 + 3_000 * 3.75 + 500 * 15) / 1e6, 10);
	});

	it('charges a long prompt at the long rate as a whole', () => {
		const model = 'claude-haiku-5-5';
		const short = costUsd({ model, inputTokens: 100_000, cachedInputTokens: 0, outputTokens: 0 });
		const long = costUsd({ model, inputTokens: 100_001, cachedInputTokens: 0, outputTokens: 0 });
		expect(short).toBeCloseTo(0.01);
		expect(long).toBeCloseTo(0.05);
	});

	it('dates its figures and keeps cached input cheaper than plain input', () => {
		expect(PRICES.asOf).toMatch(/^\d{4}-\d{2}-\d{2}$/);
		for (const price of Object.values(PRICES.models)) expect(price.cachedInput).toBeLessThan(price.input);
	});
});
