import { backoffMs, withRetry } from '../../../core/llm/retry';
import { llmError, type LlmErrorCode } from '../../../core/llm/errors';

describe('backoffMs', () => {
	it.each([
		[0, 0, 250],
		[0, 1, 500],
		[1, 0, 500],
		[3, 0.5, 3_000],
		[20, 0, 4_000],
		[20, 1, 8_000],
	])('before retry %i with random %d waits %i ms', (retry, random, expected) => {
		expect(backoffMs(retry, () => random)).toBe(expected);
	});
});

describe('withRetry', () => {
	const run = async (codes: LlmErrorCode[], maxRetries: number) => {
		const waits: number[] = [];
		let attempts = 0;
		const attempt = async (): Promise<string> => {
			const code = codes[attempts];
			attempts += 1;
			if (code) throw llmError(code, code);
			return 'done';
		};
		const sleep = async (ms: number): Promise<void> => {
			waits.push(ms);
		};
		const result = await withRetry(attempt, maxRetries, { sleep, random: () => 1 }).catch(
			(error: Error) => error.message,
		);
		return { result, attempts, waits };
	};

	it.each<[string, LlmErrorCode[], number, string, number]>([
		['a first success', [], 2, 'done', 1],
		['a fault that passes', ['LLM_UNAVAILABLE'], 2, 'done', 2],
		['no retries allowed', ['LLM_UNAVAILABLE'], 0, 'LLM_UNAVAILABLE', 1],
		['faults to the limit', ['LLM_TIMEOUT', 'LLM_TIMEOUT', 'LLM_TIMEOUT'], 2, 'LLM_TIMEOUT', 3],
		['two invalid outputs', ['LLM_INVALID_OUTPUT', 'LLM_INVALID_OUTPUT'], 5, 'LLM_INVALID_OUTPUT', 2],
		[
			'invalid outputs around a fault',
			['LLM_INVALID_OUTPUT', 'LLM_OVERLOADED', 'LLM_INVALID_OUTPUT'],
			5,
			'LLM_INVALID_OUTPUT',
			3,
		],
		['a refusal', ['LLM_REFUSED'], 5, 'LLM_REFUSED', 1],
		['a wrong key', ['LLM_AUTH'], 5, 'LLM_AUTH', 1],
		['an abort', ['LLM_ABORTED'], 5, 'LLM_ABORTED', 1],
	])('handles %s', async (_case, codes, maxRetries, result, attempts) => {
		expect(await run(codes, maxRetries)).toMatchObject({ result, attempts });
	});

	it('does not wait before it asks for a valid output again', async () => {
		expect((await run(['LLM_INVALID_OUTPUT'], 2)).waits).toEqual([0]);
	});
});
