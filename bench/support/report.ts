/** One row of a table: the label, then a figure for each column. */
export interface Row {
	label: string;
	figures: Array<number | string>;
}

export interface Table {
	title: string;
	columns: string[];
	rows: Row[];
}

/** A figure that the benchmark is there for, with the bound it must reach. */
export interface Target {
	name: string;
	figure: number;
	/** `atLeast` or `atMost`, with the bound. */
	atLeast?: number;
	atMost?: number;
	/** A missed gate fails the run; any other miss is reported and explained in docs/performance.md. */
	gate: boolean;
}

export interface Report {
	tables: Table[];
	targets: Target[];
	/** What a reader must know to judge the figures: settings, sizes, versions. */
	notes?: string[];
}

export const isReached = ({ figure, atLeast, atMost }: Target): boolean =>
	Number.isFinite(figure) && (atLeast === undefined || figure >= atLeast) && (atMost === undefined || figure <= atMost);

const bound = ({ atLeast, atMost }: Target): string => (atLeast !== undefined ? `>= ${atLeast}` : `<= ${atMost}`);

/** Three significant digits: more would promise what a shared machine cannot keep. */
export const rounded = (value: number): number => Number(value.toPrecision(3));

const shown = (value: number | string): string =>
	typeof value === 'number' ? (Math.abs(value) >= 1_000 ? String(Math.round(value)) : String(rounded(value))) : value;

const line = (cells: string[]): string => `| ${cells.join(' | ')} |`;

/** Markdown, so that a run can be pasted into docs/performance.md as it came out. */
export function toMarkdown(name: string, report: Report): string {
	const parts = [`## ${name}`];
	for (const { title, columns, rows } of report.tables) {
		parts.push(
			'',
			title,
			'',
			line(['', ...columns]),
			line(['---', ...columns.map(() => '---:')]),
			...rows.map(({ label, figures }) => line([label, ...figures.map(shown)])),
		);
	}
	if (report.targets.length > 0) {
		parts.push('', line(['target', 'figure', 'must reach', '']), line(['---', '---:', '---', '---']));
		for (const target of report.targets) {
			const verdict = isReached(target) ? 'reached' : target.gate ? 'MISSED' : 'missed, no gate';
			parts.push(line([target.name, shown(target.figure), bound(target), verdict]));
		}
	}
	for (const note of report.notes ?? []) parts.push('', note);
	return parts.join('\n');
}
