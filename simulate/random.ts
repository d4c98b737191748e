/** Jest's sandbox looks a global up slowly, and this is called some hundred million times. */
const { cos, imul, log, sqrt } = Math;

export interface Random {
	/** 0 to below 1. */
	next(): number;
	normal(): number;
	exponential(mean: number): number;
}

/** Mulberry32 on a hash of the key: every stream of the world has its own, so that what a loop does moves no other draw. */
export function randomOf(...key: readonly (string | number)[]): Random {
	let state = hashOf(key.join('|'));
	const next = (): number => {
		state = (state + 0x6d2b79f5) >>> 0;
		let t = imul(state ^ (state >>> 15), state | 1);
		t = (t + imul(t ^ (t >>> 7), t | 61)) ^ t;
		return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
	};
	return {
		next,
		normal: () => sqrt(-2 * log(1 - next())) * cos(2 * Math.PI * next()),
		exponential: (mean) => -mean * log(1 - next()),
	};
}

/** FNV-1a with a last mix: keys that differ in one letter start far apart. */
function hashOf(text: string): number {
	let hash = 0x811c9dc5;
	for (let i = 0; i < text.length; i++) hash = imul(hash ^ text.charCodeAt(i), 0x01000193);
	hash = imul(hash ^ (hash >>> 16), 0x85ebca6b);
	return (hash ^ (hash >>> 13)) >>> 0;
}
