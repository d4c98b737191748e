import {
	EXPIRY_MS,
	MAX_PRECISION_LOSS,
	MAX_VOLUME_FACTOR,
	MIN_CANARY10_LABELLED,
	MIN_CANARY10_MS,
	MIN_HOT_PER_WEEK,
	MIN_LABELLED_PER_ARM,
	MIN_ROLLOUT_MS,
	PROMOTE_EVIDENCE,
	ROLLBACK_EVIDENCE,
} from './defaults';
import type { Guardrail } from './guardrails';
import { countsOf, eValues, type Evidence } from './sequential';
import { differenceLow80 } from './statistics';

export type RunningStage = 'canary10' | 'canary50';

export interface RolloutState {
	stage: RunningStage;
	startedAt: Date;
	stageSince: Date;
	/** While the breaker is half open: not above 10 % before this. */
	heldUntil?: Date;
	/** A person said "wait": nothing automatic takes it further, everything may still stop it. */
	heldByPerson?: boolean;
	/** Did the offline gate show a gain on held-back leads? Without one, "not worse" is no reason to change anything. */
	gainShown: boolean;
}

export interface RolloutEvidence {
	/** HOT precision of both arms by matured or one-tap outcomes. */
	outcomes: Evidence;
	guardrails: readonly Guardrail[];
	sampleRatioMismatch: boolean;
	breakerOpen: boolean;
	hotPerWeek: number;
	/** Share of each arm's people that were HOT. Without it the volume is taken for equal. */
	hotShare?: { incumbent: number; candidate: number };
}

export type StageReason =
	| 'sample_ratio_mismatch'
	| 'breaker_open'
	| 'guardrail'
	| 'outcomes_worse'
	| 'no_evidence_in_time'
	| 'held_by_person'
	| 'held_half_open'
	| 'too_early'
	| 'too_few_labelled'
	| 'low_volume'
	| 'hot_volume_differs'
	| 'first_stage_passed'
	| 'outcomes_better'
	| 'gain_shown_and_not_worse'
	| 'waiting_for_evidence';

export interface StageDecision {
	action: 'stay' | 'advance' | 'promote' | 'rollback' | 'expire' | 'halt';
	reason: StageReason;
}

const stay = (reason: StageReason): StageDecision => ({ action: 'stay', reason });

/** What becomes of a running rollout. Harm ends it before anything else is asked; only evidence takes it further, never time. */
export function decideStage(state: RolloutState, evidence: RolloutEvidence, now: Date): StageDecision {
	const stop = whyStop(evidence);
	if (stop) return stop;
	if (now.getTime() - state.startedAt.getTime() >= EXPIRY_MS)
		return { action: 'expire', reason: 'no_evidence_in_time' };
	if (state.heldByPerson) return stay('held_by_person');
	if (state.heldUntil && now < state.heldUntil) return stay('held_half_open');
	return state.stage === 'canary10' ? decideFirst(state, evidence, now) : decideSecond(state, evidence, now);
}

/** The harm that ends a rollout at any stage, a promoted one in its first week too; null when there is none. */
export function whyStop({
	sampleRatioMismatch,
	breakerOpen,
	guardrails,
	outcomes,
}: RolloutEvidence): StageDecision | null {
	if (guardrails.length > 0) return { action: 'rollback', reason: 'guardrail' };
	if (sampleRatioMismatch) return { action: 'halt', reason: 'sample_ratio_mismatch' };
	if (eValues(outcomes).worse >= ROLLBACK_EVIDENCE) return { action: 'rollback', reason: 'outcomes_worse' };
	if (breakerOpen) return { action: 'halt', reason: 'breaker_open' };
	return null;
}

/** Who calls fewer people looks better, and who calls more takes the places of others: neither is a better choice. */
const comparable = ({ incumbent, candidate }: { incumbent: number; candidate: number }): boolean =>
	candidate <= MAX_VOLUME_FACTOR * incumbent && incumbent <= MAX_VOLUME_FACTOR * candidate;

function decideFirst(state: RolloutState, { outcomes }: RolloutEvidence, now: Date): StageDecision {
	if (now.getTime() - state.stageSince.getTime() < MIN_CANARY10_MS) return stay('too_early');
	if (countsOf(outcomes).candidate.n < MIN_CANARY10_LABELLED) return stay('too_few_labelled');
	return { action: 'advance', reason: 'first_stage_passed' };
}

function decideSecond(state: RolloutState, evidence: RolloutEvidence, now: Date): StageDecision {
	const { outcomes, hotPerWeek, hotShare } = evidence;
	if (hotPerWeek < MIN_HOT_PER_WEEK) return stay('low_volume');
	if (hotShare && !comparable(hotShare)) return stay('hot_volume_differs');
	if (eValues(outcomes).better >= PROMOTE_EVIDENCE) return { action: 'promote', reason: 'outcomes_better' };
	if (!state.gainShown) return stay('waiting_for_evidence');
	const { incumbent, candidate } = countsOf(outcomes);
	if (Math.min(incumbent.n, candidate.n) < MIN_LABELLED_PER_ARM) return stay('too_few_labelled');
	if (now.getTime() - state.startedAt.getTime() < MIN_ROLLOUT_MS) return stay('too_early');
	return differenceLow80(incumbent, candidate) > -MAX_PRECISION_LOSS
		? { action: 'promote', reason: 'gain_shown_and_not_worse' }
		: stay('waiting_for_evidence');
}
