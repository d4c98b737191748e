/** Weights of the criteria, in per cent: the seeds' rubric, kept as the prior. */
export const CRITERION_WEIGHTS = {
	completeness: 20,
	depth: 25,
	tone: 15,
	scope: 20,
	missed_opportunities: 20,
} as const;

/** The scale of a criterion: `lowest` where no check passes, `lowest + range` where all do. */
export const LEVEL = { lowest: 1, range: 4 } as const;

/** Conversations of a cycle, and the shares of its sample; without `minimum` a score says too little to act on. */
export const SAMPLE = { size: 60, minimum: 40, uniform: 0.3, discordant: 0.4, lowMargin: 0.2, golden: 0.1 } as const;
/** Points around the HOT threshold within which a lead was a close call: two widths of the hysteresis. */
export const LOW_MARGIN_POINTS = 10;

/** Turns of a conversation that a judge reads, the latest, and characters of one: what the injection rules read whole. */
export const FRAME = { turns: 40, turnCharacters: 1_500, briefCharacters: 12_000, repeats: 6 } as const;

/** Votes on one conversation: first one, then two more for each reason to doubt. */
export const VOTES = { first: 1, more: 2, most: 5 } as const;
/** Points from a band's edge within which one vote does not settle a criterion, and between votes from which they conflict. */
export const VOTE_DOUBT = { edges: [2, 3, 4], near: 0.5, conflict: 1 } as const;
/** Conversations that are judged side by side, each with one call open. */
export const JUDGED_AT_ONCE = 4;
/** Milliseconds of one attempt, tries after the first, and output tokens: thirty checks with their turns and a margin. */
export const JUDGE_CALL = { timeoutMs: 60_000, maxRetries: 2, maxOutputTokens: 4_000 } as const;
/** Failed calls in a row after which the judge is taken for away: more would only cost time. */
export const JUDGE_AWAY_AFTER = 5;
/** Share of a sample whose answers may be unusable before the cycle is worth nothing. */
export const UNUSABLE_SHARE = 0.2;
/** Conversations from which a judge that gives them all the same levels says nothing. */
export const UNIFORM_FROM = 10;

/** Standard normal quantiles: one-sided 80 %, two-sided 95 %. */
export const Z80 = 0.841_621_233_572_914_2;
export const Z95 = 1.959_963_984_540_054;
/** Resamples of a bootstrap: the bound moves by about 1 % of a standard error between seeds. */
export const RESAMPLES = 1_000;
/** One over the propensity counts up to this: one explored lead never decides a metric. */
export const MAX_IPS_WEIGHT = 12;

/** Parts of a persona's composite, and what a good one reaches; a score is 5 where the bound reaches the target. */
export const COMPOSITE = { precision: 0.45, conversion: 0.35, response: 0.2 } as const;
export const TARGETS = { precision: 0.5, conversion: 0.3 } as const;
/** Matured leads, and HOT ones among them, without which a persona is not measured. */
export const MATURED_MINIMUM = { leads: 40, hot: 10 } as const;

/** Days until a lead without an outcome counts as lost: the delay curve decides between the two. */
export const HORIZON = { shortest: 7, longest: 30, plateauShare: 0.8, conversions: 20 } as const;

/** A judge is trusted from here; below, nothing happens without a person. */
export const TRUST = { items: 30, kappa: 0.6, meanShift: 0.25, flipRate: 0.15 } as const;
/** Level from which a conversation passes, for the bias-corrected pass rate. */
export const PASS_LEVEL = 4;

/** Distinct people and days without which a stem is not told to anybody, and how many are told. */
export const STEM_SUPPORT = { leads: 20, days: 5, most: 40, letters: 24 } as const;
/** Conversations that are read for one cycle at most. */
export const WINDOW_CONVERSATIONS = 5_000;
/** Days of a window at most. */
export const WINDOW_DAYS = 400;
/** Minutes after which a cycle that says it runs is taken for dead. */
export const CYCLE_LEASE_MINUTES = 60;
/** Characters of an agent's message that still read like a message, and of two replies that must differ. */
export const REPLY = { longCharacters: 700, sameFromCharacters: 20 } as const;

/** Days that a cycle of the loop looks back on: outcomes take weeks, conversations do not. */
export const LOOP_WINDOW_DAYS = { persona: 90, prompt: 30 } as const;
/** Targets that one run of the loop judges at most; the others come first in the next one. */
export const DUE_LIMIT = 100;
