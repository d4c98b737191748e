/** Labelled leads, and of each outcome, that a tenant needs before a scorer is fitted: fewer say nothing of their own. */
export const MIN_LABELS = 30;
export const MIN_PER_CLASS = 8;
/** Newest matured leads that a training looks at: what came before is another market, and a training stays within seconds. */
export const MAX_EXAMPLES = 5_000;
/** Ten points of the rules move the log-odds by this much before anything is learned (reflection.md, section 3). */
export const PRIOR_PER_TEN_POINTS = 0.7;
/** How firmly the prior holds: many small tenants over- rather than underfit (reflection.md, section 3). */
export const RIDGE_BY_COUNT = [
	{ below: 300, ridge: 30 },
	{ below: 2_000, ridge: 10 },
	{ below: Infinity, ridge: 3 },
];
/** The intercept is nearly free: how often a tenant wins is its own matter. */
export const INTERCEPT_RIDGE = 0.01;
/** Weight of one explored lead at most: a propensity of 0.05 would weigh 20 times a usual one. */
export const MAX_IPS_WEIGHT = 12;
/** Buckets for hashed words. */
export const WORD_BUCKETS = 2 ** 14;
/** Hashed words kept in memory, and the letters of one worth keeping: about 5 MB. */
export const BUCKETS_KEPT = 20_000;
export const BUCKET_TEXT_KEPT = 80;
/** Words of one lead that are looked at. */
export const MAX_WORDS = 200;
/** Share of a training, the newest, on which the probabilities are calibrated. */
export const CALIBRATION_SHARE = 0.2;
/** How firmly Platt's two numbers hold to "as it is" when there is little to calibrate on. */
export const CALIBRATION_RIDGE = 5;
/** Time-ordered parts; each but the first two is predicted from those before it. */
export const TIME_BLOCKS = 5;
export const FIRST_JUDGED_BLOCK = 2;
/** Paired one-sided test, 5 %: the scorer must be better than the rules, not luckier. */
export const MIN_Z = 1.645;
/** Share that stands for "HOT" where the rules called nobody HOT. */
export const HOT_SHARE_IF_NONE = 0.1;
/** Bins of the calibration error. */
export const CALIBRATION_BINS = 10;
/** Points of the table that turns probabilities into scores with the rules' share of HOT. */
export const SCORE_KNOTS = 21;
/** Leads that a sentence such as "80 = 34 % won here" must rest on, and how far around the score it may look for them. */
export const MIN_MEANING_LEADS = 30;
export const MAX_MEANING_WIDTH = 15;
/** Steps and remembered gradients of L-BFGS, and the gradient or the relative gain of a step at which it stops. */
export const MAX_STEPS = 200;
export const MEMORY = 8;
export const GRADIENT_TOLERANCE = 1e-5;
export const VALUE_TOLERANCE = 1e-9;
