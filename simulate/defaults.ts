/** Days between two looks of the judge at a tenant at least, and by how much the labelled leads must have grown since. */
export const LOOK_EVERY_DAYS = 5;
export const LOOK_AFTER_GROWTH = 1.2;
/** HOT precision at which the judge is content, and labelled HOT leads that it looks at. */
export const TARGET_PRECISION = 0.9;
export const JUDGED_HOT = 200;
/** Where the bands of a judge's score begin, as a tenant's settings have them at first. */
export const BANDS = { none: 4, suggestion: 3, autoUpdate: 2 } as const;
/** Spread of a judge's score around the facts. */
export const JUDGE_NOISE = { good: 0.2, noisy: 0.8, adversarial: 0 } as const;
/** Spread of a noisy proposer's weights, in log-odds per cue. */
export const NOISY_WEIGHTS = 0.5;
/** What an adversarial judge says of everything. */
export const ADVERSARIAL_SCORE = 2.6;
/** Newest labelled leads that a proposal learns from. */
export const LEARN_FROM = 3_000;
/** z that a candidate must show on the newest of the proposer's own leads before the gate is asked: each query costs. */
export const REHEARSAL_Z = 1;
export const REHEARSAL_SHARE = 0.2;
/** The seeds' loop: looks a day, changes a day, points of an edit, cues it touches, drop of the score that takes it back. */
export const NAIVE = {
	looksPerDay: 4,
	changesPerDay: 3,
	points: 5,
	cues: 3,
	maxDrop: 0.5,
	monitorDays: 1,
	score: 2.6,
} as const;
