/** Counters, gauges and histograms in Prometheus' text format: as much of it as the gateway shows. */
export interface Counter {
	add(label: string, by?: number): void;
}

export interface Histogram {
	observe(value: number): void;
}

export class Metrics {
	private readonly families: Array<() => string[]> = [];

	/** Counts by the values of one label. */
	counter(name: string, help: string, label: string): Counter {
		const counts = new Map<string, number>();
		this.family(name, 'counter', help, () => samples(name, label, counts));
		return { add: (value, by = 1) => void counts.set(value, (counts.get(value) ?? 0) + by) };
	}

	/** Read when somebody asks; by the values of one label, or a single number. */
	gauge(name: string, help: string, read: () => number): void {
		this.family(name, 'gauge', help, () => [`${name} ${read()}`]);
	}

	readBy(
		type: 'counter' | 'gauge',
		name: string,
		help: string,
		label: string,
		read: () => Record<string, number>,
	): void {
		this.family(name, type, help, () => samples(name, label, Object.entries(read())));
	}

	histogram(name: string, help: string, bounds: readonly number[]): Histogram {
		const counts = bounds.map(() => 0);
		let count = 0;
		let sum = 0;
		this.family(name, 'histogram', help, () => {
			let below = 0;
			return [
				...bounds.map((bound, index) => `${name}_bucket{le="${bound}"} ${(below += counts[index])}`),
				`${name}_bucket{le="+Inf"} ${count}`,
				`${name}_sum ${sum}`,
				`${name}_count ${count}`,
			];
		});
		return {
			observe(value) {
				const index = bounds.findIndex((bound) => value <= bound);
				if (index !== -1) counts[index] += 1;
				count += 1;
				sum += value;
			},
		};
	}

	text(): string {
		return `${this.families.flatMap((family) => family()).join('\n')}\n`;
	}

	private family(name: string, type: string, help: string, lines: () => string[]): void {
		this.families.push(() => [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...lines()]);
	}
}

const escaped = (value: string): string =>
	value.replace(/[\\"\n]/g, (found) => (found === '\n' ? '\\n' : `\\${found}`));

const samples = (name: string, label: string, values: Iterable<[string, number]>): string[] =>
	[...values].map(([value, count]) => `${name}{${label}="${escaped(value)}"} ${count}`);
