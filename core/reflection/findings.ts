import { z } from 'zod/v4';
import { normaliseText, stemKey } from '../leads';
import { ACTION_REASONS, ACTIONS } from './decide';
import { CHECK_CODES } from './checks';
import { STEM_SUPPORT } from './defaults';
import { CRITERIA } from './rubric';
import { grouped, rounded, wilson } from './statistics';

/** One word in its stemmed form: letters only, so that no sentence, link, number or price fits. */
const STEM = new RegExp(`^[a-z]{3,${STEM_SUPPORT.letters}}$`);

const share = z.number().min(0).max(1);
const score = z.strictObject({ score: z.number(), low: z.number(), high: z.number() });
const estimate = z.strictObject({ value: z.number().nullable(), low: z.number(), high: z.number(), n: z.int() });

/**
 * All that whoever proposes changes gets to see: enums, numbers, and stems that many people used on several days. No field can
 * hold a sentence, so nothing that one customer writes can reach a prompt from here.
 */
export const findingsSchema = z.strictObject({
	target: z.enum(['persona', 'prompt']),
	rubricVersion: z.string().regex(/^r[0-9a-f]{12}$/),
	reflectionId: z.uuid(),
	/** The version that was judged. */
	versionId: z.uuid(),
	action: z.enum(ACTIONS),
	reason: z.enum(ACTION_REASONS),
	conversations: z.int(),
	people: z.int(),
	overall: score.nullable(),
	criteria: z.array(score.extend({ criterion: z.enum(CRITERIA) })),
	failures: z.array(z.strictObject({ code: z.enum(CHECK_CODES), failed: z.int(), applied: z.int(), rate: share })),
	metrics: z
		.strictObject({
			leads: z.int(),
			hot: z.int(),
			precision: estimate,
			recall: estimate,
			falsePositiveRate: estimate,
			conversion: estimate,
			falsePositives: z.int(),
			falseNegatives: z.int(),
			falsePositivesPer1000: z.number().nullable(),
			falseNegativesPer1000: z.number().nullable(),
			explored: z.int(),
		})
		.nullable(),
	stems: z.array(
		z.strictObject({
			stem: z.string().regex(STEM),
			/** People who used it, on how many days, and how many of them were won. */
			leads: z.int().min(STEM_SUPPORT.leads),
			days: z.int().min(STEM_SUPPORT.days),
			won: z.int(),
			/** Share won with it less share won without it, and its interval. */
			lift: z.number(),
			low: z.number(),
			high: z.number(),
		}),
	),
});

export type ReflectionFindings = z.output<typeof findingsSchema>;
export type StemFinding = ReflectionFindings['stems'][number];

/** What a matured person wrote, and what became of them. */
export interface WrittenByLead {
	leadKey: string;
	/** Day of the first message, as a date. */
	day: string;
	y: 0 | 1;
	texts: readonly string[];
	/** Speaks to the machine: learned from in nothing. */
	tainted: boolean;
}

/** Each word once a person, however often they say it. */
const stemsOf = (texts: readonly string[]): Set<string> =>
	new Set(
		texts.flatMap((text) => {
			const { words, language } = normaliseText(text);
			return words.map((word) => stemKey(word, language)).filter((stem) => STEM.test(stem));
		}),
	);

/** Stems whose users were won more or less often than others: support by people and days, lift with its 95 % interval. */
export function stemFindings(leads: readonly WrittenByLead[]): StemFinding[] {
	const clean = [
		...grouped(
			leads.filter(({ tainted }) => !tainted),
			({ leadKey }) => leadKey,
		).values(),
	].map(([one]) => one);
	const users = new Map<string, WrittenByLead[]>();
	for (const lead of clean) {
		for (const stem of stemsOf(lead.texts)) {
			const known = users.get(stem);
			if (known) known.push(lead);
			else users.set(stem, [lead]);
		}
	}
	const wonAll = clean.filter(({ y }) => y === 1).length;
	return [...users]
		.flatMap(([stem, by]) => {
			const days = new Set(by.map(({ day }) => day)).size;
			if (by.length < STEM_SUPPORT.leads || days < STEM_SUPPORT.days || by.length === clean.length) return [];
			const won = by.filter(({ y }) => y === 1).length;
			return [{ stem, leads: by.length, days, won, ...liftOf(won, by.length, wonAll - won, clean.length - by.length) }];
		})
		.sort((a, b) => certainty(b) - certainty(a) || (a.stem < b.stem ? -1 : 1))
		.slice(0, STEM_SUPPORT.most);
}

/** How far the nearer end of the interval is from nothing; below zero where it spans nothing. */
const certainty = ({ low, high }: { low: number; high: number }): number => Math.max(low, -high);

/** Newcombe's interval of the difference of two shares. */
function liftOf(
	won: number,
	of: number,
	otherWon: number,
	others: number,
): { lift: number; low: number; high: number } {
	const [p, q] = [won / of, otherWon / others];
	const [a, b] = [wilson(won, of), wilson(otherWon, others)];
	const lift = p - q;
	return {
		lift: rounded(lift),
		low: rounded(lift - Math.hypot(p - a.low, b.high - q)),
		high: rounded(lift + Math.hypot(a.high - p, q - b.low)),
	};
}
