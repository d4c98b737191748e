/** A source of numbers in [0, 1) that repeats itself for the same seed (mulberry32), so that a red run can be run again. */
export function seededRandom(seed: number): () => number {
	let state = seed >>> 0;
	return () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	};
}

/** FAULTS_SEED repeats a run; without it every run differs. */
export function runSeed(): number {
	const given = Number(process.env.FAULTS_SEED);
	return Number.isInteger(given) && given > 0 ? given : Math.ceil(Math.random() * 1_000_000);
}

export const between = (random: () => number, low: number, high: number): number => low + random() * (high - low);

export function shuffled<T>(items: readonly T[], random: () => number): T[] {
	const result = [...items];
	for (let last = result.length - 1; last > 0; last--) {
		const other = Math.floor(random() * (last + 1));
		[result[last], result[other]] = [result[other], result[last]];
	}
	return result;
}
