/** What is run: answers its figures by name (units per second, milliseconds, …). */
export type Contender = () => Promise<Record<string, number>>;

export const median = (values: readonly number[]): number => quantile(values, 0.5);

/** Nearest rank: a figure that was measured, not one between two. NaN of nothing. */
export function quantile(values: readonly number[], q: number): number {
	if (values.length === 0) return Number.NaN;
	const sorted = [...values].sort((a, b) => a - b);
	return sorted[Math.max(0, Math.ceil(sorted.length * q) - 1)];
}

/**
 * Runs the contenders in turn, A B A B, so that a slow minute of the machine hits all of them; answers the median of each figure.
 * `onRun` hears of each finished run.
 */
export async function interleave<Name extends string>(
	contenders: Record<Name, Contender>,
	rounds: number,
	onRun?: (name: Name, figures: Record<string, number>) => void,
): Promise<Record<Name, Record<string, number>>> {
	const names = Object.keys(contenders) as Name[];
	const runs = new Map<Name, Array<Record<string, number>>>(names.map((name) => [name, []]));
	for (let round = 0; round < rounds; round++) {
		for (const name of names) {
			const figures = await contenders[name]();
			onRun?.(name, figures);
			runs.get(name)!.push(figures);
		}
	}
	return Object.fromEntries(names.map((name) => [name, medians(runs.get(name)!)])) as Record<
		Name,
		Record<string, number>
	>;
}

const medians = (runs: Array<Record<string, number>>): Record<string, number> =>
	Object.fromEntries(Object.keys(runs[0]).map((figure) => [figure, median(runs.map((run) => run[figure]))]));

/** `calls` calls by `concurrency` callers; per second, p50 and p99 in milliseconds. */
export async function load(
	concurrency: number,
	calls: number,
	call: (n: number) => Promise<void>,
): Promise<{ perSecond: number; p50: number; p99: number }> {
	const times: number[] = [];
	let next = 0;
	const started = performance.now();
	await Promise.all(
		Array.from({ length: concurrency }, async () => {
			for (let n = next++; n < calls; n = next++) {
				const at = performance.now();
				await call(n);
				times.push(performance.now() - at);
			}
		}),
	);
	const seconds = (performance.now() - started) / 1_000;
	return { perSecond: calls / seconds, p50: quantile(times, 0.5), p99: quantile(times, 0.99) };
}
