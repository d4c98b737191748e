import { fromProviderError } from '../../../core/llm/errors';

const where = { provider: 'openai', model: 'gpt-4.1-mini' };
const NOW = Date.parse('2026-11-20T12:00:00Z');

describe('fromProviderError', () => {
	it.each([
		['seconds', { 'retry-after': '3' }, 3_000],
		['milliseconds', { 'retry-after-ms': '1500', 'retry-after': '9' }, 1_500],
		['a date', { 'retry-after': 'Fri, 20 Nov 2026 12:00:05 GMT' }, 5_000],
		['a date that has passed', { 'retry-after': 'Fri, 20 Nov 2026 11:00:00 GMT' }, 0],
		['rubbish', { 'retry-after': 'soon' }, undefined],
		['nothing', {}, undefined],
	])('reads a retry-after given as %s', (_case, headers, expected) => {
		const error = fromProviderError({ status: 429, headers: new Headers(headers) }, where, NOW);
		expect(error.retryAfterMs).toBe(expected);
	});

	it.each([
		['an empty OpenAI account', { status: 429, code: 'insufficient_quota' }],
		['an Anthropic billing problem', { status: 402, error: { type: 'error', error: { type: 'billing_error' } } }],
	])('does not call %s a rate limit, because waiting does not help', (_case, thrown) => {
		expect(fromProviderError(thrown, where, NOW)).toMatchObject({ code: 'LLM_AUTH', retryable: false });
	});

	it('takes a body that breaks off for a fault of the wire', () => {
		expect(fromProviderError(new TypeError('terminated'), where, NOW).code).toBe('LLM_UNAVAILABLE');
	});

	it('takes an invalid base URL for a setting to mend', () => {
		const error = Object.assign(new TypeError('Invalid URL'), { code: 'ERR_INVALID_URL' });
		expect(fromProviderError(error, where, NOW)).toMatchObject({ code: 'LLM_REQUEST', retryable: false });
	});
});
