const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

/** Share of people that a stage sends to the candidate. */
export const STAGE_SHARES = { canary10: 0.1, canary50: 0.5 } as const;
/** Milliseconds at 10 % and labelled HOT leads of the candidate before 50 %: a weekend and a first impression. */
export const MIN_CANARY10_MS = 72 * HOUR_MS;
export const MIN_CANARY10_LABELLED = 8;
/** Evidence (e-value) that promotes: at most 1 in 20 changes that do nothing gets there, however often one looks. */
export const PROMOTE_EVIDENCE = 20;
/** Evidence that rolls back: a false roll-back is cheap, so it may happen to 1 in 5 at worst (13 % measured). */
export const ROLLBACK_EVIDENCE = 5;
/** Labelled HOT leads of each arm, and milliseconds, before "not worse" counts: every weekday once. */
export const MIN_LABELLED_PER_ARM = 30;
export const MIN_ROLLOUT_MS = 7 * DAY_MS;
/** How much HOT precision may at worst be lost (lower end of an 80 % interval) by a change whose gain the gate has shown. */
export const MAX_PRECISION_LOSS = 0.1;
/** Times more or fewer HOT leads than the incumbent's arm: beyond it precisions do not compare, and places run out. */
export const MAX_VOLUME_FACTOR = 1.5;
/** Two-sided 80 %. */
export const Z_80 = 1.2816;
/** A rollout without evidence by then ends; the incumbent stays. */
export const EXPIRY_MS = 45 * DAY_MS;

/** Odds ratios that the test listens for; each counts the same, and so does its inverse for "worse". */
export const ODDS_RATIOS = [1.5, 2, 3] as const;
/** The base rate before the first outcome, and how many leads that guess counts for. */
export const BASE_RATE_GUESS = 0.25;
export const BASE_RATE_STRENGTH = 2;
/** Points of the grid on which the description's posteriors are summed. */
export const POSTERIOR_GRID = 500;

/** Arms that differ from the planned share with a p-value below this are not what they say. */
export const SRM_P = 0.001;
/** Expected people in the smaller arm before the chi-square approximation holds. */
export const SRM_MIN_EXPECTED = 5;

/** Complaints (opt-outs, blocks, reports) of the candidate, and times the incumbent's rate, that end a rollout. */
export const COMPLAINTS_MIN = 3;
export const COMPLAINTS_FACTOR = 2;
/** Share of failed answers, and answers before the share is looked at. */
export const MAX_ERROR_SHARE = 0.05;
export const ERRORS_MIN = 2;
/** Times the incumbent's p95 latency or cost per lead, and answers of each arm before they are compared. */
export const MAX_SLOWDOWN = 1.5;
export const MAX_COST_FACTOR = 1.5;
export const COMPARED_ANSWERS_MIN = 20;

/** Roll-backs in a row, and within a window, that open the breaker. */
export const BREAKER_CONSECUTIVE = 3;
export const BREAKER_IN_WINDOW = 2;
export const BREAKER_WINDOW_MS = 7 * DAY_MS;
/** How long a promoted change must hold before it counts as having survived. */
export const SURVIVAL_MS = 7 * DAY_MS;
/** Half open: one change in this time, and as long at 10 %. */
export const HALF_OPEN_INTERVAL_MS = 7 * DAY_MS;
export const HALF_OPEN_FORCED_MS = 7 * DAY_MS;

/** HOT leads a week below which nothing is decided without a person. */
export const MIN_HOT_PER_WEEK = 20;
/** Drops of HOT precision that a person is told about: whether and when they would be seen. */
export const TOLD_DROPS = [0.05, 0.1, 0.15, 0.2] as const;

/** Roll-outs a list returns, and one hourly look goes through, at most. */
export const LIST_LIMIT = 100;
export const MONITOR_LIMIT = 500;
