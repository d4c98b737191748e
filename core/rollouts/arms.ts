import { createHash } from 'node:crypto';

export type Arm = 'incumbent' | 'candidate';

export interface ArmInput {
	/** The rollout's own: another rollout deals the same people anew. */
	salt: string;
	tenantId: string;
	leadKey: string;
	/** Share of people that see the candidate, 0 to 1. */
	share: number;
}

/** The same person gets the same arm on every turn; a raised share only adds people to the candidate. */
export function armOf({ salt, tenantId, leadKey, share }: ArmInput): Arm {
	const u = createHash('sha256').update(`${salt}|${tenantId}|${leadKey}`).digest().readUInt32BE(0) / 2 ** 32;
	return u < share ? 'candidate' : 'incumbent';
}
