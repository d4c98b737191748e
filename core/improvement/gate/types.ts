/** A held-back lead whose outcome is known, as both versions see it. */
export interface GatePair {
	leadKey: string;
	won: boolean;
	/** Chance that the outcome of a lead like this is known: of its treatment, or of a verdict on it. */
	propensity: number;
	/** Did the incumbent call it HOT? */
	incumbentHot: boolean;
	/** Any scale on which more is hotter: the candidate's threshold is set anew. */
	candidateScore: number;
	/** Of being won, where the version says one. */
	incumbentProbability?: number;
	candidateProbability?: number;
	/** Channel and segment, e.g. "whatsapp/ad". */
	stratum: string;
}

export interface GateInput {
	/** In order of time: of one person's leads the last one votes. */
	pairs: readonly GatePair[];
	/** HOT precision at which working a lead pays for itself. */
	breakEvenPrecision: number;
	/** How many candidates this agent has had judged in the past year, this one included. */
	queryThisYear: number;
	/** Candidate's cost per lead over the incumbent's. */
	costFactor?: number;
}

export type GateReason =
	| 'too_few_labelled'
	| 'too_few_discordant'
	| 'gain_not_shown'
	| 'recall_may_fall'
	| 'more_false_positives'
	| 'worse_calibrated'
	| 'a_stratum_loses'
	| 'too_expensive';

/** A line of the backtest table; low and high are bounds of the difference where they are known. */
export interface GateRow {
	metric: 'hot_volume' | 'precision' | 'recall' | 'false_positives_per_1000' | 'false_negatives_per_1000' | 'ece';
	incumbent: number;
	candidate: number;
	low: number | null;
	high: number | null;
}

export interface GateResult {
	verdict: 'pass' | 'reject' | 'needs_data';
	reasons: GateReason[];
	labelled: number;
	discordant: number;
	/** Paired test of the gain, and what it had to exceed at this query of the year. */
	z: number;
	requiredZ: number;
	/** Score from which the candidate calls a lead HOT to have at most the incumbent's volume; null where it has none. */
	candidateThreshold: number | null;
	table: GateRow[];
	strata: Array<{ stratum: string; leads: number; gain: number; high: number }>;
}
