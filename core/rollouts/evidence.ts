import type { Arm } from './arms';
import { DAY_MS, SURVIVAL_MS } from './defaults';
import type { BreakerState, RolloutEvent } from './breaker';
import { guardrailsHit, type ArmHealth } from './guardrails';
import { sampleRatio } from './sample-ratio';
import { addOutcome, noEvidence } from './sequential';
import { decideStage, whyStop, type RolloutEvidence, type StageDecision, type StageReason } from './stages';

export type Target = 'persona' | 'prompt';
export type RolloutStage = 'canary10' | 'canary50' | 'active' | 'survived' | 'rolled_back' | 'expired' | 'halted';

interface CountedArm {
	people: number;
	hot: number;
	optOuts: number;
	turns: number;
	failed: number;
	leaks: number;
	p95Seconds: number | null;
	costUsd: number;
}

/** What the database knows of a roll-out: `rollout_evidence`. Times are ISO 8601. */
export interface CountedRollout {
	rolloutId: string;
	target: Target;
	agentId: string | null;
	stage: RolloutStage;
	share: number;
	startedAt: string;
	stageSince: string;
	promotedAt: string | null;
	heldBy: string | null;
	approvedByPerson: boolean;
	gainShown: boolean;
	/** The database's clock. */
	now: string;
	breaker: BreakerState;
	arms: Partial<Record<Arm, CountedArm>>;
	deals: Array<{ share: number; incumbent: number; candidate: number }>;
	events: Array<Omit<RolloutEvent, 'at'> & { at: string }>;
	/** [arm, won] of people called HOT, in the order in which it became known. */
	hotLabels: Array<[Arm, 0 | 1]>;
	labels: Array<[Arm, 0 | 1]>;
}

const NOBODY: CountedArm = {
	...{ people: 0, hot: 0, optOuts: 0, turns: 0, failed: 0, leaks: 0 },
	...{ p95Seconds: null, costUsd: 0 },
};

const healthOf = (arm: CountedArm = NOBODY): ArmHealth => ({
	people: arm.people,
	answers: arm.turns,
	policyViolations: arm.leaks,
	complaints: arm.optOuts,
	handoffFailures: 0,
	errors: arm.failed,
	p95LatencyMs: (arm.p95Seconds ?? 0) * 1_000,
	costPerLead: arm.people === 0 ? 0 : arm.costUsd / arm.people,
});

const shareOf = ({ hot, people }: CountedArm = NOBODY): number => (people === 0 ? 0 : hot / people);
const hotShareOf = ({ arms }: CountedRollout): { incumbent: number; candidate: number } => ({
	incumbent: shareOf(arms.incumbent),
	candidate: shareOf(arms.candidate),
});

/** What the tests and guardrails make of the counts. A persona is held against HOT precision, a prompt against all its people. */
export function evidenceOf(counted: CountedRollout): RolloutEvidence {
	const labels = counted.target === 'persona' ? counted.hotLabels : counted.labels;
	const weeks = Math.max(1, (Date.parse(counted.now) - Date.parse(counted.startedAt)) / (7 * DAY_MS));
	return {
		outcomes: labels.reduce((sum, [arm, won]) => addOutcome(sum, arm, won === 1), noEvidence()),
		guardrails: guardrailsHit(healthOf(counted.arms.incumbent), healthOf(counted.arms.candidate)),
		sampleRatioMismatch: sampleRatio(counted.deals).mismatch,
		breakerOpen: counted.breaker === 'open',
		hotPerWeek: labels.length / weeks,
		// Calling fewer people HOT makes precision better for free.
		...(counted.target === 'persona' ? { hotShare: hotShareOf(counted) } : {}),
	};
}

export type NextStep =
	| {
			to: 'canary50' | 'active' | 'survived' | 'rolled_back' | 'expired' | 'halted';
			reason: StageReason | 'held_a_week';
	  }
	| { to: null; reason: StageReason };

const STEP_OF: Record<StageDecision['action'], NextStep['to']> = {
	stay: null,
	advance: 'canary50',
	promote: 'active',
	rollback: 'rolled_back',
	expire: 'expired',
	halt: 'halted',
};

/** Where a running roll-out goes on this evidence; `to` is null where it stays. */
export function nextStep(counted: CountedRollout, evidence: RolloutEvidence): NextStep {
	const now = new Date(counted.now);
	const stageSince = new Date(counted.stageSince);
	if (counted.stage === 'active') {
		const stop = whyStop(evidence);
		if (stop) return { to: STEP_OF[stop.action], reason: stop.reason } as NextStep;
		return now.getTime() - stageSince.getTime() >= SURVIVAL_MS
			? { to: 'survived', reason: 'held_a_week' }
			: { to: null, reason: 'too_early' };
	}
	if (counted.stage !== 'canary10' && counted.stage !== 'canary50') return { to: null, reason: 'waiting_for_evidence' };
	const startedAt = new Date(counted.startedAt);
	const halfOpenUntil = new Date(startedAt.getTime() + 7 * DAY_MS);
	const { action, reason } = decideStage(
		{
			stage: counted.stage,
			startedAt,
			stageSince,
			heldUntil: counted.breaker === 'half_open' ? halfOpenUntil : undefined,
			heldByPerson: counted.heldBy !== null,
			gainShown: counted.gainShown,
		},
		evidence,
		now,
	);
	return { to: STEP_OF[action], reason } as NextStep;
}

/** The log of a target, as the breaker reads it. */
export const eventsOf = ({ events }: CountedRollout): RolloutEvent[] =>
	events.map((event) => ({ ...event, at: new Date(event.at) }));
