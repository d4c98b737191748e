/** A random source that repeats itself: the same seed and index give the same case on every machine. */
export interface Random {
	/** In [0, 1). */
	next(): number;
	/** A whole number in [0, below). */
	below(below: number): number;
	/** One of a list. */
	of<T>(list: readonly T[]): T;
	/** True in this share of the calls. */
	chance(share: number): boolean;
}

/** mulberry32 over seed and index: small, and good enough to choose mutations. */
export function seeded(seed: number, index: number): Random {
	let state = (Math.imul(seed, 0x9e3779b1) ^ Math.imul(index + 1, 0x85ebca6b)) >>> 0;
	const next = (): number => {
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	};
	const below = (limit: number): number => Math.floor(next() * limit);
	return { next, below, of: (list) => list[below(list.length)], chance: (share) => next() < share };
}
