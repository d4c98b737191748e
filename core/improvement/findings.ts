/** What the loop sees of a stem: counts, and how its users fared beside everybody else. */
export interface StemEvidence {
	stem: string;
	/** Distinct people who used it, distinct days, and how many of those people were won. */
	leads: number;
	days: number;
	won: number;
	/** Share won with it less share won without it, and its interval. */
	lift: number;
	low: number;
	high: number;
}

/** The part of a reflection's findings that a proposal is made of: enums and numbers, and stems that many people share. */
export interface Findings {
	target: 'persona' | 'prompt';
	reflectionId: string;
	/** The version that was judged. */
	versionId: string;
	action: 'none' | 'suggestion' | 'auto_update' | 'escalate';
	conversations: number;
	failures: ReadonlyArray<{ code: string; failed: number; applied: number; rate: number }>;
	stems: readonly StemEvidence[];
}

/** What a person said no to, and why; it is not proposed again while it is fresh. */
export const REJECT_REASONS = ['wrong', 'too_risky', 'not_now', 'unclear', 'off_brand', 'other'] as const;
export type RejectReason = (typeof REJECT_REASONS)[number];
