import { funnel, lineChart, niceMaximum, stackedChart, type Chart } from '../../../core/pages';

const chart = (changes: Partial<Chart> = {}): Chart => ({
	title: 'Mensagens',
	labels: ['1', '2', '3', '4'],
	series: [{ name: 'Recebidas', values: [10, 20, 30, 40] }],
	format: String,
	words: { asTable: 'Ver números', day: 'Dia', noData: 'Sem dados ainda.' },
	...changes,
});

test.each([
	[0, 1],
	[1, 1],
	[3, 5],
	[40, 50],
	[51, 100],
	[0.03, 0.05],
	[1_000_000, 1_000_000],
])('an axis for %d ends at %d', (value, maximum) => {
	expect(niceMaximum(value)).toBeCloseTo(maximum, 10);
});

test('what is not known is a gap in the line and a dash in the table, never a zero', () => {
	const html = lineChart(chart({ series: [{ name: 'a', values: [10, null, 30, 40] }] }));
	expect(html.match(/ d="([^"]+)"/)![1].match(/M/g)).toHaveLength(2);
	expect(html).toContain('<td class="n">–</td>');
	expect(html.match(/<circle/g)).toHaveLength(1);
});

test('a chart without data says so instead of drawing an empty axis', () => {
	expect(lineChart(chart({ series: [{ name: 'a', values: [null, null, null, null] }] }))).toBe(
		'<figure><figcaption>Mensagens</figcaption><p class="meta">Sem dados ainda.</p></figure>',
	);
});

test('stacked bars reach the sum of their parts', () => {
	const series = [
		{ name: 'HOT', values: [1, 0, 0, 0] },
		{ name: 'COLD', values: [4, 0, 0, 0] },
	];
	const heights = [...stackedChart(chart({ series })).matchAll(/<rect x="[\d.]+" y="([\d.]+)"[^>]*height="([\d.]+)"/g)];
	expect(heights.map(([, y, height]) => [Number(y), Number(height)])).toEqual([
		[118.8, 27.2],
		[10, 108.8],
	]);
});

test('moments of change stand in the picture and in the table', () => {
	const html = lineChart(chart({ marks: [{ at: 2, label: 'Persona 4' }] }));
	expect(html).toContain('<title>Persona 4</title>');
	expect(html).toContain('<li>3: Persona 4</li>');
});

test('names that people give are shown as text', () => {
	const name = '<script>alert(1)</script>"';
	const html = lineChart(chart({ title: name, series: [{ name, values: [1, 2, 3, 4] }] }));
	expect(html).not.toContain('<script>');
	expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;&quot;');
});

test('a funnel tells each step as a share of the first, and nothing of nobody', () => {
	const share = (value: number): string => `${Math.round(value * 100)} %`;
	const steps = [
		{ name: 'Mensagens', count: 200 },
		{ name: 'Clientes', count: 3 },
	];
	expect(funnel('Funil', steps, share)).toContain('Clientes: 3 (2 %)');
	expect(funnel('Funil', [{ name: 'Mensagens', count: 0 }], share)).toContain('<span>Mensagens: 0</span>');
});
