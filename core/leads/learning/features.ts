import { createHash } from 'node:crypto';
import type { ScorePoint } from '../types';
import { BUCKETS_KEPT, BUCKET_TEXT_KEPT, MAX_WORDS, PRIOR_PER_TEN_POINTS, WORD_BUCKETS } from './defaults';

/** The rule name under which the learned scorer's own correction stands in `score_breakdown`. */
export const SCORER_RULE = 'learned_scorer';

/** What was known of a lead when it was classified. */
export interface LeadFacts {
	/** Score of the rules, 0 to 100. */
	score: number;
	points: readonly Pick<ScorePoint, 'axis' | 'rule' | 'points' | 'evidence'>[];
	platform: string;
	fromAd: boolean;
	/** Stems of what the person wrote, where they are at hand. Only their hashes are kept. */
	stems?: readonly string[];
}

/** Features by name: `rule:…` in tens of points, `is:…` for facts, `word:…` for hashed words. */
export type Features = Map<string, number>;

/** The same few words come again and again: hashing them anew would be a quarter of a training. */
const buckets = new Map<string, number>();

function bucket(text: string): number {
	const known = buckets.get(text);
	if (known !== undefined) return known;
	const hashed = createHash('sha256').update(text).digest().readUInt32BE(0) % WORD_BUCKETS;
	if (buckets.size >= BUCKETS_KEPT) buckets.clear();
	if (text.length <= BUCKET_TEXT_KEPT) buckets.set(text, hashed);
	return hashed;
}

/** Rules by their points, the rest of the score that no point explains, channel and origin, and hashed words. */
export function featuresOf(facts: LeadFacts): Features {
	const features: Features = new Map();
	const add = (name: string, value: number): void => void features.set(name, (features.get(name) ?? 0) + value);
	const points = facts.points.filter(({ rule }) => rule !== SCORER_RULE);
	let explained = 0;
	for (const { axis, rule, points: value } of points) {
		add(`rule:${axis}.${rule}`, value / 10);
		explained += value;
	}
	add('rule:rest', (facts.score - explained) / 10);
	add(`is:${facts.platform}`, 1);
	if (facts.fromAd) add('is:from_ad', 1);
	const words = new Set([
		...points.map(({ rule, evidence }) => `word:${bucket(`${rule}|${evidence}`)}`),
		...(facts.stems ?? []).slice(0, MAX_WORDS).map((stem) => `word:${bucket(`stem|${stem}`)}`),
	]);
	// Long messages do not weigh more for being long.
	for (const word of words) add(word, 1 / Math.sqrt(words.size));
	return features;
}

/** What a weight is before anything was learned: the rules are believed, everything else is unknown. */
export const priorWeight = (name: string): number => (name.startsWith('rule:') ? PRIOR_PER_TEN_POINTS : 0);
