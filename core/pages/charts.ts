import { escape } from './html';
import { table } from './parts';

/** Drawn at the width of a phone, so that the text is readable there; a desktop shows it larger. */
const WIDTH = 360;
const HEIGHT = 170;
const LEFT = 44;
const RIGHT = 8;
const TOP = 10;
const BOTTOM = 24;
const DASHES = ['', '6 3', '2 3', '8 3 2 3', '1 4', '10 4'];
const SERIES_COLOURS = 6;

export interface Series {
	name: string;
	/** One a day of the chart; null where nothing is known, which is not zero. */
	values: ReadonlyArray<number | null>;
}

export interface ChartMark {
	/** Index of the day. */
	at: number;
	label: string;
}

export interface Chart {
	title: string;
	/** Of the horizontal axis, in order. */
	labels: readonly string[];
	series: readonly Series[];
	/** Moments of change. */
	marks?: readonly ChartMark[];
	/** Writes a value as people read it. */
	format(value: number): string;
	/** Words for the table behind the picture, and for a picture without data. */
	words: { asTable: string; day: string; noData: string };
}

/** The next of 1, 2, 5, 10 ... that holds the value: an axis that people can halve in their heads. */
export function niceMaximum(value: number): number {
	if (value <= 0) return 1;
	const power = 10 ** Math.floor(Math.log10(value));
	return power * ([1, 2, 5, 10].find((step) => step * power >= value) ?? 10);
}

const round = (value: number): number => Math.round(value * 10) / 10;
const xOf = (at: number, count: number): number =>
	round(LEFT + (WIDTH - LEFT - RIGHT) * (count === 1 ? 0.5 : at / (count - 1)));
const yOf = (value: number, maximum: number): number => round(TOP + (HEIGHT - TOP - BOTTOM) * (1 - value / maximum));
const colour = (index: number): string => `var(--s${(index % SERIES_COLOURS) + 1})`;
const dash = (index: number): string => {
	const dashes = DASHES[index % DASHES.length];
	return dashes ? ` stroke-dasharray="${dashes}"` : '';
};

function axis({ labels, format }: Chart, maximum: number): string {
	const levels = [0, maximum / 2, maximum].map((level) => {
		const y = yOf(level, maximum);
		return `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y}" y2="${y}" stroke="var(--line)"/><text x="${LEFT - 5}" y="${y + 4}" text-anchor="end">${escape(format(level))}</text>`;
	});
	const last = labels.length - 1;
	const shown = [...new Set([0, Math.floor(last / 2), last])];
	const days = shown.map((at) => {
		const anchor = at === 0 && last > 0 ? 'start' : at === last && last > 0 ? 'end' : 'middle';
		return `<text x="${xOf(at, labels.length)}" y="${HEIGHT - 6}" text-anchor="${anchor}">${escape(labels[at])}</text>`;
	});
	return levels.join('') + days.join('');
}

const marksOf = ({ marks = [], labels }: Chart): string =>
	marks
		.map(({ at, label }) => {
			const x = xOf(at, labels.length);
			return `<g><title>${escape(label)}</title><line x1="${x}" x2="${x}" y1="${TOP}" y2="${HEIGHT - BOTTOM}" stroke="var(--ink)" stroke-dasharray="3 3"/><circle cx="${x}" cy="${TOP}" r="4" fill="var(--ink)"/></g>`;
		})
		.join('');

/** One path a series; a gap in the data is a gap in the line. */
function lines({ series, labels }: Chart, maximum: number): string {
	return series
		.map(({ values }, index) => {
			let isOpen = false;
			const path = values.map((value, at) => {
				if (value === null) {
					isOpen = false;
					return '';
				}
				const step = `${isOpen ? 'L' : 'M'}${xOf(at, labels.length)} ${yOf(value, maximum)}`;
				isOpen = true;
				return step;
			});
			// A day between two gaps would be a line without length.
			const alone = values.map((value, at) =>
				value !== null && (values[at - 1] ?? null) === null && (values[at + 1] ?? null) === null
					? `<circle cx="${xOf(at, labels.length)}" cy="${yOf(value, maximum)}" r="3" fill="${colour(index)}"/>`
					: '',
			);
			return `<path d="${path.join('')}" fill="none" stroke="${colour(index)}" stroke-width="2"${dash(index)}/>${alone.join('')}`;
		})
		.join('');
}

function stacks({ series, labels }: Chart, maximum: number): string {
	const step = (WIDTH - LEFT - RIGHT) / labels.length;
	const width = round(Math.max(1, step * 0.8));
	return labels
		.map((_, at) => {
			let base = 0;
			return series
				.map(({ values }, index) => {
					const value = values[at] ?? 0;
					if (value === 0) return '';
					const [low, high] = [yOf(base, maximum), yOf(base + value, maximum)];
					base += value;
					return `<rect x="${round(LEFT + at * step + step * 0.1)}" y="${high}" width="${width}" height="${round(low - high)}" fill="${colour(index)}"/>`;
				})
				.join('');
		})
		.join('');
}

const legend = ({ series }: Chart, isLine: boolean): string => {
	const entries = series.map(({ name }, index) => {
		const key = isLine
			? `<line x1="0" x2="32" y1="8" y2="8" stroke="${colour(index)}" stroke-width="4"${dash(index)}/>`
			: `<rect width="32" height="16" fill="${colour(index)}"/>`;
		return `<li><svg viewBox="0 0 32 16" aria-hidden="true">${key}</svg>${escape(name)}</li>`;
	});
	return series.length > 1 ? `<ul class="legend">${entries.join('')}</ul>` : '';
};

/** The figures behind the picture, for who cannot see it or wants the numbers. */
function asTable(chart: Chart): string {
	const columns = [{ title: chart.words.day }, ...chart.series.map(({ name }) => ({ title: name, isNumber: true }))];
	const rows = chart.labels.map((label, at) => [
		label,
		...chart.series.map(({ values }) => (values[at] === null ? '–' : chart.format(values[at]))),
	]);
	const marks = (chart.marks ?? []).map(({ at, label }) => `<li>${escape(`${chart.labels[at]}: ${label}`)}</li>`);
	const changes = marks.length > 0 ? `<ul>${marks.join('')}</ul>` : '';
	return `<details><summary>${escape(chart.words.asTable)}</summary>${table(columns, rows, chart.title)}${changes}</details>`;
}

function figure(chart: Chart, isLine: boolean, highest: number): string {
	const caption = `<figcaption>${escape(chart.title)}</figcaption>`;
	const hasData = chart.series.some(({ values }) => values.some((value) => value !== null));
	if (!hasData) return `<figure>${caption}<p class="meta">${escape(chart.words.noData)}</p></figure>`;
	const maximum = niceMaximum(highest);
	const drawn = isLine ? lines(chart, maximum) : stacks(chart, maximum);
	const picture = `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escape(chart.title)}">${axis(chart, maximum)}${drawn}${marksOf(chart)}</svg>`;
	return `<figure>${caption}${legend(chart, isLine)}${picture}${asTable(chart)}</figure>`;
}

/** Lines over days. */
export const lineChart = (chart: Chart): string =>
	figure(chart, true, Math.max(0, ...chart.series.flatMap(({ values }) => values.map((value) => value ?? 0))));

/** Parts of a whole, stacked, over days. */
export const stackedChart = (chart: Chart): string =>
	figure(
		chart,
		false,
		Math.max(0, ...chart.labels.map((_, at) => chart.series.reduce((sum, { values }) => sum + (values[at] ?? 0), 0))),
	);

export interface FunnelStep {
	name: string;
	count: number;
}

/** Steps as bars, each with its share of the first one. */
export function funnel(title: string, steps: readonly FunnelStep[], format: (share: number) => string): string {
	const first = steps[0]?.count ?? 0;
	const bars = steps.map(({ name, count }) => {
		const share = first > 0 ? count / first : 0;
		return `<li><span>${escape(`${name}: ${count}${first > 0 ? ` (${format(share)})` : ''}`)}</span><div class="bar" style="width:${round(Math.min(1, share) * 100)}%" aria-hidden="true"></div></li>`;
	});
	return `<figure><figcaption>${escape(title)}</figcaption><ol class="plain">${bars.join('')}</ol></figure>`;
}
