import type { SentinelPolicy } from '../bundle';
import type { SentinelAction, SentinelStage, SentinelVerdict } from '../types';
import { SENTINEL_CHECKS } from './checks';
import type { Check, CheckDefinition, CheckOutcome, SentinelInput, SentinelResult } from './types';

/** Weakest first. */
const STRENGTH: Record<SentinelAction, number> = { allow: 0, rewrite: 1, silence: 2, defer: 3, block: 4, handoff: 5 };

interface Judged {
	definition: CheckDefinition;
	outcome: CheckOutcome;
	verdict: SentinelVerdict;
}

/** A check that throws has not vouched for the text: it counts as fired, blocks, and says that it broke. */
const brokenOutcome = (error: unknown): CheckOutcome => ({
	fired: true,
	action: 'block',
	reason: 'The check itself failed, so the text is held back. Report this as a bug.',
	// Only the kind of error: its message may quote the text.
	details: { error: error instanceof Error ? error.name : typeof error },
});

const prepared = new WeakMap<SentinelPolicy, Map<CheckDefinition, Check>>();

/** A check made ready for a policy, once: a frozen bundle answers many turns. */
function checkFor(definition: CheckDefinition, policy: SentinelPolicy): Check {
	const checks = prepared.get(policy) ?? new Map<CheckDefinition, Check>();
	const check = checks.get(definition) ?? definition.create(policy);
	prepared.set(policy, checks.set(definition, check));
	return check;
}

async function judge(
	name: string,
	definition: CheckDefinition,
	policy: SentinelPolicy,
	input: SentinelInput,
): Promise<Judged> {
	let outcome: CheckOutcome;
	let broken = false;
	try {
		outcome = await checkFor(definition, policy)(input);
	} catch (error) {
		broken = true;
		outcome = brokenOutcome(error);
	}
	const { fired, action, reason, details = {} } = outcome;
	return {
		definition,
		outcome,
		verdict: { check: name, stage: definition.stage, fired, broken, action, reason, details },
	};
}

/** The first settling check that fired, else the first of the strongest. */
function decider(judged: Judged[]): Judged | null {
	const fired = judged.filter(({ verdict }) => verdict.fired && verdict.action !== 'allow');
	const settling = fired.find(({ definition, verdict }) => definition.settles && !verdict.broken);
	if (settling) return settling;
	return fired.reduce<Judged | null>(
		(best, next) => (best && STRENGTH[best.verdict.action] >= STRENGTH[next.verdict.action] ? best : next),
		null,
	);
}

/** Runs given checks side by side: the seam for a test that injects a check of its own. */
export async function runChecks(
	checks: Readonly<Record<string, CheckDefinition>>,
	stage: SentinelStage,
	policy: SentinelPolicy,
	input: SentinelInput,
): Promise<SentinelResult> {
	const ofStage = Object.entries(checks).filter(([, definition]) => definition.stage === stage);
	const judged = await Promise.all(ofStage.map(([name, definition]) => judge(name, definition, policy, input)));
	const decided = decider(judged);
	const deferUntil = decided?.verdict.details.deferUntil;
	return {
		action: decided?.verdict.action ?? 'allow',
		decidedBy: decided?.verdict.check ?? null,
		handoffReason: decided?.definition.handoffReason ?? 'policy',
		verdicts: judged.map(({ verdict }) => verdict),
		texts: decided?.outcome.rewritten ?? [input.text],
		deferUntil: typeof deferUntil === 'string' ? deferUntil : null,
	};
}

/** Runs every check of a stage. The strongest word wins; a broken check blocks. */
export const runSentinel = (
	stage: SentinelStage,
	policy: SentinelPolicy,
	input: SentinelInput,
): Promise<SentinelResult> => runChecks(SENTINEL_CHECKS, stage, policy, input);
