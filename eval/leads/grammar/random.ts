export interface Random {
	/** 0 inclusive to 1 exclusive. */
	next(): number;
	chance(share: number): boolean;
	pick<T>(list: readonly T[]): T;
}

/** mulberry32: the same seed gives the same messages on every machine. */
export function seeded(seed: number): Random {
	let state = seed >>> 0;
	const next = (): number => {
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
	};
	return {
		next,
		chance: (share) => next() < share,
		pick: (list) => list[Math.floor(next() * list.length)],
	};
}
