import type { Interval } from './statistics';

export const ACTIONS = ['none', 'suggestion', 'auto_update', 'escalate'] as const;
export type ReflectionAction = (typeof ACTIONS)[number];

/** Where the bands of a score begin, as self_improving_settings has them. */
export interface Bands {
	none: number;
	suggestion: number;
	autoUpdate: number;
}

export const ACTION_REASONS = [
	'score_good',
	'score_below_none',
	'score_below_suggestion',
	'score_below_auto_update',
	'bound_spans_bands',
	'judge_untrusted',
	'judge_uniform',
	'too_few',
	'not_measured',
] as const;
export type ActionReason = (typeof ACTION_REASONS)[number];

export interface Decision {
	action: ReflectionAction;
	reason: ActionReason;
}

/** Why a machine may not act on a score alone, whatever the score says. */
export interface Doubts {
	untrusted?: boolean;
	uniform?: boolean;
	tooFew?: boolean;
}

/**
 * Half-open bands, each held against the end of the interval that could do harm: all is well only where the lower end says so, a
 * person is called where the lower end is that low, and a machine may act by itself only where the whole interval lies in its band.
 */
export function decide(bound: Interval | null, bands: Bands, doubts: Doubts = {}): Decision {
	if (bound === null || !Number.isFinite(bound.low) || !Number.isFinite(bound.high))
		return { action: 'none', reason: 'not_measured' };
	if (doubts.tooFew) return { action: 'none', reason: 'too_few' };
	// A judge that has not read says nothing, good or bad.
	if (doubts.uniform) return { action: 'none', reason: 'judge_uniform' };
	const { low, high } = bound;
	if (low >= bands.none) return { action: 'none', reason: 'score_good' };
	if (low < bands.autoUpdate) return { action: 'escalate', reason: 'score_below_auto_update' };
	if (low >= bands.suggestion) return { action: 'suggestion', reason: 'score_below_none' };
	if (high >= bands.suggestion) return { action: 'suggestion', reason: 'bound_spans_bands' };
	if (doubts.untrusted) return { action: 'suggestion', reason: 'judge_untrusted' };
	return { action: 'auto_update', reason: 'score_below_suggestion' };
}
