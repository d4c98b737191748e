import { trainScorer, type LabelledLead, type ScoringModel } from '../core/leads';
import {
	ADVERSARIAL_SCORE,
	JUDGE_NOISE,
	JUDGED_HOT,
	LEARN_FROM,
	NOISY_WEIGHTS,
	REHEARSAL_SHARE,
	REHEARSAL_Z,
	TARGET_PRECISION,
} from './defaults';
import { judgedPairs, type Known } from './evidence';
import type { Random } from './random';
import type { Safeguards } from './safeguards';
import { scorerVersion, upsideDown, type Version } from './versions';
import type { Stream, World } from './world';

export type Judge = 'good' | 'noisy' | 'adversarial';

/** The judge's score of the version that is live, 0 to 5, from the last labelled HOT leads. */
export function judgeScore(judge: Judge, hot: readonly Known[], random: Random): number {
	if (judge === 'adversarial') return ADVERSARIAL_SCORE;
	const last = hot.slice(-JUDGED_HOT);
	const precision = last.filter(({ won }) => won).length / Math.max(1, last.length);
	return Math.min(5, (5 * precision) / TARGET_PRECISION) + JUDGE_NOISE[judge] * random.normal();
}

export interface Proposal {
	world: World;
	stream: Stream;
	judge: Judge;
	/** Labelled leads of the proposer's side, in order of time. */
	leads: readonly Known[];
	incumbent: Version;
	id: number;
	random: Random;
	safeguards: Safeguards;
}

/** A scorer fitted anew, as the judge would have it, or null where it has nothing that its own leads speak for. */
export function propose(proposal: Proposal): Version | null {
	const { world, stream, judge, incumbent, id, random } = proposal;
	const leads = proposal.leads.slice(-LEARN_FROM);
	const training = trainScorer(leads.map((lead) => labelled(stream, incumbent, lead)));
	if (!training.trained) return null;
	const hotFrom = world.persona.hotFrom;
	if (judge === 'adversarial') return scorerVersion(stream, id, upsideDown(training.model), hotFrom);
	const model = judge === 'noisy' ? blurred(training.model, stream, random) : training.model;
	const candidate = scorerVersion(stream, id, model, hotFrom);
	return rehearsed(proposal, leads, candidate) ? candidate : null;
}

const labelled = (stream: Stream, incumbent: Version, { i, won, propensity }: Known): LabelledLead => ({
	...stream.facts[i],
	y: won ? 1 : 0,
	isHot: incumbent.scoreOf(i) >= incumbent.threshold,
	propensity,
});

/** On the newest of the proposer's own leads, which only calibrated the scorer, the candidate must look better than what is live. */
function rehearsed(
	{ world, stream, incumbent, safeguards }: Proposal,
	leads: readonly Known[],
	candidate: Version,
): boolean {
	const newest = leads.slice(Math.floor(leads.length * (1 - REHEARSAL_SHARE)));
	const { z } = safeguards.offlineGate({
		pairs: judgedPairs(stream, newest, incumbent, candidate),
		breakEvenPrecision: world.breakEvenPrecision,
		queryThisYear: 1,
	});
	return z >= REHEARSAL_Z;
}

/** A proposer that hears only half of what the leads say. */
function blurred(model: ScoringModel, stream: Stream, random: Random): ScoringModel {
	const values = new Map(
		stream.facts
			.slice(0, 2_000)
			.flatMap(({ points }) => points.map((one) => [`rule:fit.${one.rule}`, one.points / 10])),
	);
	const weights = Object.fromEntries(
		Object.entries(model.linear.weights).map(([name, weight]) => {
			const value = values.get(name);
			const noise = random.normal() * NOISY_WEIGHTS;
			return [name, value ? weight + noise / value : weight];
		}),
	);
	return { ...model, linear: { ...model.linear, weights } };
}
