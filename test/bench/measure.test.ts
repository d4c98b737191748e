import { interleave, median, quantile } from '../../bench/support/measure';
import { isReached, toMarkdown, type Report } from '../../bench/support/report';

test('contenders run in turn, and each figure is the median of its runs', async () => {
	const order: string[] = [];
	const contender = (name: string, figures: number[]) => async () => {
		order.push(name);
		return { perSecond: figures.shift()! };
	};
	const measured = await interleave({ a: contender('a', [10, 90, 20]), b: contender('b', [1, 2, 3]) }, 3);
	expect(order).toEqual(['a', 'b', 'a', 'b', 'a', 'b']);
	expect(measured).toEqual({ a: { perSecond: 20 }, b: { perSecond: 2 } });
});

test('a quantile is a figure that was measured; of nothing there is none', () => {
	expect(quantile([4, 1, 3, 2], 0.5)).toBe(2);
	expect(quantile([4, 1, 3, 2], 0.99)).toBe(4);
	expect(median([])).toBeNaN();
});

test('a target is reached at its bound, and never by a figure that is none', () => {
	const target = { name: 'ratio', gate: true };
	expect(isReached({ ...target, figure: 3, atLeast: 3 })).toBe(true);
	expect(isReached({ ...target, figure: 0.5, atMost: 0.5 })).toBe(true);
	expect(isReached({ ...target, figure: 2.99, atLeast: 3 })).toBe(false);
	expect(isReached({ ...target, figure: Number.NaN, atMost: 1 })).toBe(false);
});

test('a report is a table to paste, and says which gate was missed', () => {
	const report: Report = {
		tables: [{ title: 'Doors', columns: ['requests/s'], rows: [{ label: 'Meta Trigger', figures: [212.345] }] }],
		targets: [{ name: 'of storing', figure: 3.5, atLeast: 4, gate: true }],
		notes: ['Two cores.'],
	};
	expect(toMarkdown('webhook', report)).toBe(
		[
			'## webhook',
			'',
			'Doors',
			'',
			'|  | requests/s |',
			'| --- | ---: |',
			'| Meta Trigger | 212 |',
			'',
			'| target | figure | must reach |  |',
			'| --- | ---: | --- | --- |',
			'| of storing | 3.5 | >= 4 | MISSED |',
			'',
			'Two cores.',
		].join('\n'),
	);
});
