import type { GateResult } from './gate';
import type { RejectReason } from './findings';
import type { LintResult } from './lint';
import type { SuggestionOperation, Target } from './operations';
import type { SuggestionType } from './propose';

/** The road of a suggestion from an idea to what everybody meets. */
export const STATES = [
	'proposed',
	'linted',
	'gated',
	'needs_data',
	'rejected',
	'awaiting_approval',
	'approved',
	'canary10',
	'canary50',
	'active',
	'rolled_back',
	'superseded',
	'expired',
] as const;
export type SuggestionState = (typeof STATES)[number];

/** Still waiting for something: these can be rejected, superseded, and expire. */
export const OPEN_STATES: readonly SuggestionState[] = [
	'proposed',
	'linted',
	'gated',
	'needs_data',
	'awaiting_approval',
];

export interface StoredSuggestion {
	id: string;
	target: Target;
	agentId: string | null;
	agentVersionId: string | null;
	baseVersionId: string;
	reflectionId: string | null;
	type: SuggestionType;
	operations: SuggestionOperation[];
	sha256: string;
	/** As the seeds know it. */
	status: 'pending' | 'approved' | 'rejected' | 'auto_applied' | 'rolled_back';
	state: SuggestionState;
	diff: string | null;
	rationale: string | null;
	expectedEffect: string | null;
	risk: string | null;
	focusAreas: string[];
	lint: LintResult | null;
	gate: StoredGate | null;
	requestedBy: string;
	reviewer: string | null;
	rejectReason: RejectReason | null;
	reviewNotes: string | null;
	appliedVersionId: string | null;
	createdAt: Date;
	expiresAt: Date;
}

/** What the gate said, or why it could not be asked: a prompt is tried on people's word, not on a replay. */
export type StoredGate = GateResult | { verdict: 'needs_data'; reasons: ['prompt_needs_people'] };

/** `superseded`: another version decides by now, so the suggestion is closed. */
export type Answer = { result: 'done' | 'superseded'; suggestion: StoredSuggestion };
