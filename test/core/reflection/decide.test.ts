import { decide } from '../../../core/reflection';
import { seeded } from '../../faults/support/seeded';

const bands = { none: 4, suggestion: 3, autoUpdate: 2 };
const at = (low: number, high = low) => decide({ low, high }, bands);

test.each([
	[1.99, 'escalate'],
	[2, 'auto_update'],
	[2.95, 'auto_update'],
	[2.99, 'auto_update'],
	[3, 'suggestion'],
	[3.95, 'suggestion'],
	[3.99, 'suggestion'],
	[4, 'none'],
	[5, 'none'],
	[0, 'escalate'],
])('half-open bands: %p is %s', (score, action) => expect(at(score).action).toBe(action));

test('the end of the interval that could do harm decides', () => {
	expect(at(3.9, 4.3)).toEqual({ action: 'suggestion', reason: 'score_below_none' });
	expect(at(2.8, 3.1)).toEqual({ action: 'suggestion', reason: 'bound_spans_bands' });
	expect(at(1.9, 2.4)).toEqual({ action: 'escalate', reason: 'score_below_auto_update' });
	expect(at(2.1, 2.9)).toEqual({ action: 'auto_update', reason: 'score_below_suggestion' });
});

test('thresholds are the tenant’s', () => {
	expect(decide({ low: 4.1, high: 4.2 }, { none: 4.5, suggestion: 4.3, autoUpdate: 1 }).action).toBe('auto_update');
});

test('with doubts about the judge no machine acts; without a measure nobody does', () => {
	const low = { low: 2.2, high: 2.6 };
	expect(decide(low, bands, { untrusted: true })).toEqual({ action: 'suggestion', reason: 'judge_untrusted' });
	expect(decide(low, bands, { uniform: true })).toEqual({ action: 'none', reason: 'judge_uniform' });
	expect(decide(low, bands, { tooFew: true })).toEqual({ action: 'none', reason: 'too_few' });
	expect(decide(null, bands)).toEqual({ action: 'none', reason: 'not_measured' });
	expect(decide({ low: Number.NaN, high: 1 }, bands)).toEqual({ action: 'none', reason: 'not_measured' });
});

test('a wider interval never lets a machine do more by itself (5,000 drawn intervals)', () => {
	const random = seeded(11, 0);
	for (let round = 0; round < 5_000; round++) {
		const low = random.next() * 5;
		const high = Math.min(5, low + random.next() * 2);
		if (at(low, high).action !== 'auto_update') continue;
		expect(low).toBeGreaterThanOrEqual(2);
		expect(high).toBeLessThan(3);
	}
});
