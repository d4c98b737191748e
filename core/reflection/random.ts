import { createHash } from 'node:crypto';

const { imul } = Math;

/** A place in an order that nobody can choose and everybody can repeat. */
export const drawKey = (seed: string, id: string): string => createHash('sha256').update(`${seed}|${id}`).digest('hex');

/** Numbers from 0 to below 1 (mulberry32): the same seed gives the same row on every machine. */
export function randomFrom(seed: string): () => number {
	let state = createHash('sha256').update(seed).digest().readUInt32BE(0);
	return () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	};
}
