import {
	COMPARED_ANSWERS_MIN,
	COMPLAINTS_FACTOR,
	COMPLAINTS_MIN,
	ERRORS_MIN,
	MAX_COST_FACTOR,
	MAX_ERROR_SHARE,
	MAX_SLOWDOWN,
} from './defaults';

/** What was counted of one arm since the rollout began. */
export interface ArmHealth {
	people: number;
	answers: number;
	policyViolations: number;
	/** Opt-outs, blocks and reports. */
	complaints: number;
	handoffFailures: number;
	errors: number;
	p95LatencyMs: number;
	costPerLead: number;
}

export type Guardrail = 'policy_violation' | 'complaints' | 'handoff_failure' | 'errors' | 'latency' | 'cost';

type Rule = (candidate: ArmHealth, incumbent: ArmHealth) => boolean;

const times = (factor: number, of: (arm: ArmHealth) => number): Rule => {
	return (candidate, incumbent) =>
		Math.min(candidate.answers, incumbent.answers) >= COMPARED_ANSWERS_MIN && of(candidate) > factor * of(incumbent);
};

/** Each ends a rollout at once: what they see is too dear to be waited for. */
const RULES: Record<Guardrail, Rule> = {
	policy_violation: ({ policyViolations }) => policyViolations > 0,
	complaints: (candidate, incumbent) =>
		candidate.complaints >= COMPLAINTS_MIN &&
		candidate.complaints / candidate.people >
			COMPLAINTS_FACTOR * (incumbent.complaints / Math.max(1, incumbent.people)),
	handoff_failure: ({ handoffFailures }) => handoffFailures > 0,
	errors: ({ errors, answers }) => errors >= ERRORS_MIN && errors / answers > MAX_ERROR_SHARE,
	latency: times(MAX_SLOWDOWN, ({ p95LatencyMs }) => p95LatencyMs),
	cost: times(MAX_COST_FACTOR, ({ costPerLead }) => costPerLead),
};

/** The guardrails that the candidate has hit, none when all is well. */
export const guardrailsHit = (incumbent: ArmHealth, candidate: ArmHealth): Guardrail[] =>
	(Object.keys(RULES) as Guardrail[]).filter((name) => RULES[name](candidate, incumbent));
