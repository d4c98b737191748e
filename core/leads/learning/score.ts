import type { ScorePoint } from '../types';
import { MAX_MEANING_WIDTH, MIN_MEANING_LEADS } from './defaults';
import { featuresOf, SCORER_RULE, type LeadFacts } from './features';
import { calibrated, logOdds, sigmoid } from './logistic';
import type { ScoringModel } from './train';

export interface LearnedScore {
	/** 0 to 100, on the rules' scale: the same thresholds hold. */
	score: number;
	/** Of being won within the horizon. */
	probability: number;
	/** What the scorer changed, to stand in `score_breakdown` beside the rules' points. */
	point: ScorePoint;
}

/** A lead's score by a tenant's own outcomes. */
export function scoreLead(model: ScoringModel, facts: LeadFacts, version: string): LearnedScore {
	const z = calibrated(model.calibration, logOdds(model.linear, featuresOf(facts)));
	const score = Math.max(0, Math.min(100, Math.round(scoreAt(model.knots, z))));
	return {
		score,
		probability: sigmoid(z),
		point: { axis: 'fit', rule: SCORER_RULE, points: score - facts.score, messageId: null, evidence: version },
	};
}

/** Straight lines between the knots. */
function scoreAt(knots: ScoringModel['knots'], z: number): number {
	const above = knots.findIndex((knot) => knot.z > z);
	if (above === -1) return knots.at(-1)!.score;
	if (above === 0) return knots[0].score;
	const [low, high] = [knots[above - 1], knots[above]];
	return low.score + ((z - low.z) / (high.z - low.z)) * (high.score - low.score);
}

/** How many matured leads had a score, and how many of them were won. */
export interface ScoreResult {
	score: number;
	n: number;
	won: number;
}

export interface ScoreMeaning {
	score: number;
	/** Scores that were counted together. */
	from: number;
	to: number;
	n: number;
	won: number;
	/** Share won; null while too few leads are known. */
	share: number | null;
	/** "80 = 34 % won here (n = 112)". */
	text: string;
}

/** What a score has meant at this tenant: the nearest scores, until enough leads are counted. */
export function scoreMeaning(score: number, results: readonly ScoreResult[]): ScoreMeaning {
	const around = (width: number): { n: number; won: number } =>
		results
			.filter((result) => Math.abs(result.score - score) <= width)
			.reduce((sum, { n, won }) => ({ n: sum.n + n, won: sum.won + won }), { n: 0, won: 0 });
	let width = 0;
	while (width < MAX_MEANING_WIDTH && around(width).n < MIN_MEANING_LEADS) width++;
	const { n, won } = around(width);
	const share = n >= MIN_MEANING_LEADS ? won / n : null;
	const text =
		share === null
			? `${score} = not known yet (n = ${n})`
			: `${score} = ${Math.round(share * 100)} % won here (n = ${n})`;
	return { score, from: Math.max(0, score - width), to: Math.min(100, score + width), n, won, share, text };
}
