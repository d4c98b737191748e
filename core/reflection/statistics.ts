import { RESAMPLES, Z95 } from './defaults';
import { randomFrom } from './random';

export interface Interval {
	low: number;
	high: number;
}

export const clip = (value: number, low = 0, high = 1): number => Math.min(high, Math.max(low, value));
/** As much of a number as a stored row keeps; the same on every machine. */
export const rounded = (value: number, digits = 4): number => Number(value.toFixed(digits));

export const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
export const mean = (values: readonly number[]): number => sum(values) / values.length;

export function grouped<T, K>(items: readonly T[], keyOf: (item: T) => K): Map<K, T[]> {
	const groups = new Map<K, T[]>();
	for (const item of items) {
		const group = groups.get(keyOf(item));
		if (group) group.push(item);
		else groups.set(keyOf(item), [item]);
	}
	return groups;
}

export function median(values: readonly number[]): number {
	const order = [...values].sort((a, b) => a - b);
	const middle = order.length >> 1;
	return order.length % 2 === 1 ? order[middle] : (order[middle - 1] + order[middle]) / 2;
}

/** Of an ordered list, between its neighbours. */
export function quantile(order: readonly number[], share: number): number {
	const at = (order.length - 1) * share;
	const below = Math.floor(at);
	const above = Math.min(below + 1, order.length - 1);
	return order[below] + (order[above] - order[below]) * (at - below);
}

/** Wilson's interval of a share; nothing counted is nothing known. */
export function wilson(hits: number, of: number, z = Z95): Interval {
	if (of <= 0) return { low: 0, high: 1 };
	const share = hits / of;
	const middle = (share + z ** 2 / (2 * of)) / (1 + z ** 2 / of);
	const half = (z / (1 + z ** 2 / of)) * Math.sqrt((share * (1 - share)) / of + z ** 2 / (4 * of ** 2));
	return { low: clip(middle - half), high: clip(middle + half) };
}

export interface BootstrapOptions {
	seed: string;
	/** One-sided confidence of each end, e.g. 0.8. */
	confidence: number;
	resamples?: number;
}

/** What one observation adds to either side of a ratio, and whose it is. */
export interface RatioPart {
	cluster: string;
	over: number;
	under: number;
}

export const ratioOf = (parts: readonly RatioPart[]): number | null => {
	const under = sum(parts.map((part) => part.under));
	return under === 0 ? null : sum(parts.map(({ over }) => over)) / under;
};

/**
 * Percentile interval of a ratio of sums, by drawing whole clusters again: what one person said twice is not two facts.
 * Resamples without a denominator are left out; null where too few are left to say anything.
 */
export function ratioBootstrap(
	parts: readonly RatioPart[],
	{ seed, confidence, resamples = RESAMPLES }: BootstrapOptions,
): Interval | null {
	const clusters = [...grouped(parts, ({ cluster }) => cluster).entries()]
		.sort(([a], [b]) => (a < b ? -1 : 1))
		.map(([, members]) => members);
	const n = clusters.length;
	if (n < 2) return null;
	const over = Float64Array.from(clusters, (members) => sum(members.map((part) => part.over)));
	const under = Float64Array.from(clusters, (members) => sum(members.map((part) => part.under)));
	const next = randomFrom(`bootstrap|${seed}`);
	const { floor } = Math;
	const values: number[] = [];
	for (let round = 0; round < resamples; round++) {
		let [top, bottom] = [0, 0];
		for (let i = 0; i < n; i++) {
			const drawn = floor(next() * n);
			top += over[drawn];
			bottom += under[drawn];
		}
		if (bottom > 0) values.push(top / bottom);
	}
	if (values.length < resamples / 2) return null;
	values.sort((a, b) => a - b);
	return { low: quantile(values, 1 - confidence), high: quantile(values, confidence) };
}
