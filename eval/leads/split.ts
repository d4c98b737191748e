import { createHash } from 'node:crypto';

/** Half of the hand-written cases may be looked at when a rule fails; on the other half the rules are only measured. */
const SPLIT_SEED = 'hard-cases-2026';

export const isHeldBack = (text: string): boolean =>
	createHash('sha256').update(`${SPLIT_SEED}:${text}`).digest()[0] % 2 === 1;
