import type { LabelledLead } from '../../core/leads';

/** A seeded generator (mulberry32): the same tenant every time. */
export function seeded(seed: number): () => number {
	let state = seed >>> 0;
	return () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let t = Math.imul(state ^ (state >>> 15), state | 1);
		t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
		return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
	};
}

/** Rules with their points, and what they are worth in truth: log-odds of being won. */
export interface Truth {
	rule: string;
	points: number;
	worth: number;
	/** How often it fires. */
	share: number;
}

/** The rules love keywords and a job title; here, buying intent and being in town decide, and students know all the keywords. */
export const WRONG_RULES: Truth[] = [
	{ rule: 'positive_keyword', points: 24, worth: -0.6, share: 0.5 },
	{ rule: 'job_title', points: 15, worth: -0.3, share: 0.3 },
	{ rule: 'buying_intent', points: 12, worth: 2.4, share: 0.35 },
	{ rule: 'niche', points: 10, worth: 1.2, share: 0.4 },
	{ rule: 'followers', points: 10, worth: 0, share: 0.5 },
];

/** Each rule is worth what it says: ten points are 0.7 in log-odds. */
export const RIGHT_RULES: Truth[] = WRONG_RULES.map((truth) => ({ ...truth, worth: truth.points * 0.07 }));

/** Nothing that the rules see matters. */
export const NO_SIGNAL: Truth[] = WRONG_RULES.map((truth) => ({ ...truth, worth: 0 }));

/** Words that make a rule fire. */
const WORDS = 20;

export function simulateLeads(truths: readonly Truth[], n: number, seed: number, base = -1.6): LabelledLead[] {
	const random = seeded(seed);
	return Array.from({ length: n }, () => {
		const fired = truths.filter(({ share }) => random() < share);
		const score = 20 + fired.reduce((sum, { points }) => sum + points, 0);
		const odds = base + fired.reduce((sum, { worth }) => sum + worth, 0);
		return {
			y: random() < 1 / (1 + Math.exp(-odds)) ? 1 : 0,
			score,
			isHot: score >= 70,
			propensity: 1,
			platform: random() < 0.7 ? 'whatsapp' : 'instagram',
			fromAd: random() < 0.3,
			points: fired.map(({ rule, points }) => ({
				axis: 'fit',
				rule,
				points,
				evidence: `${rule.slice(0, 4)}${Math.floor(random() * WORDS)}`,
			})),
		};
	});
}
