/** Labelled leads, and leads that the two versions treat differently, below which the gate does not answer. */
export const MIN_LABELLED = 120;
export const MIN_DISCORDANT = 10;
/** One-sided error that one agent may spend on lucky candidates in a year, over all its queries. */
export const ALPHA_PER_YEAR = 0.05;
/** The gate never asks for less than this, whatever is left to spend. */
export const MIN_Z = 1.64;
/** Of the bounds: one-sided 95 %. */
export const Z_BOUND = 1.645;
/** Share of wins, and HOT precision of any one stratum, that may be lost at worst. */
export const MAX_RECALL_LOSS = 0.05;
export const MAX_STRATUM_LOSS = 0.05;
/** By how much promised and real probabilities may drift further apart. */
export const MAX_ECE_RISE = 0.02;
export const ECE_BINS = 10;
/** Times the incumbent's cost per lead. */
export const MAX_COST_FACTOR = 1.2;
/** Weight of one explored lead at most. */
export const MAX_IPS_WEIGHT = 12;
/** Share of people whose leads are for proposing; the others are for judging alone. */
export const PROPOSE_SHARE = 0.6;
/** Share of the newest quarter that only people open. */
export const VAULT_SHARE = 0.1;
export const VAULT_MS = 90 * 24 * 3_600_000;
