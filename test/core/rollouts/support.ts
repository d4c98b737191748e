import { addOutcome, noEvidence, type OutcomeEvidence, type RolloutEvidence } from '../../../core/rollouts';

export const DAY = 86_400_000;
export const day = (n: number): Date => new Date(Date.UTC(2026, 0, 1) + n * DAY);

/** Jest's sandbox looks a global up slowly. */
const { imul } = Math;

/** Mulberry32: the same numbers for the same seed. */
export function seeded(seed: number): () => number {
	let state = seed >>> 0;
	return () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let t = imul(state ^ (state >>> 15), state | 1);
		t = (t + imul(t ^ (t >>> 7), t | 61)) ^ t;
		return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
	};
}

/** `n` outcomes of each arm, won in turn so that the shares come out as asked. */
export function outcomes(n: number, incumbent: number, candidate: number): OutcomeEvidence {
	let evidence = noEvidence();
	const won = (share: number, i: number): boolean => Math.floor((i + 1) * share) > Math.floor(i * share);
	for (let i = 0; i < n; i++) {
		evidence = addOutcome(evidence, 'incumbent', won(incumbent, i));
		evidence = addOutcome(evidence, 'candidate', won(candidate, i));
	}
	return evidence;
}

export const evidence = (over: Partial<RolloutEvidence> = {}): RolloutEvidence => ({
	outcomes: noEvidence(),
	guardrails: [],
	sampleRatioMismatch: false,
	breakerOpen: false,
	hotPerWeek: 60,
	...over,
});
