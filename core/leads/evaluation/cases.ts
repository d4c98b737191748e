import { z } from 'zod';
import {
	LEAD_CLASSES,
	type KnownContact,
	type LeadClass,
	type LeadInput,
	type LeadProfile,
	type Persona,
} from '../types';

export interface EvaluationCase {
	/** Line of the file, from 1. */
	line: number;
	label: LeadClass | 'LEAD';
	/** Name of the persona the line was written for, where it names one. */
	persona: string | null;
	input: LeadInput;
}
export interface BadLine {
	line: number;
	reason: string;
}

/** "icp_score" and "icpScore" are the same key. */
const camel = (key: string): string => key.replace(/_([a-z])/gu, (_, letter: string) => letter.toUpperCase());
const camelKeys = (value: unknown): unknown =>
	typeof value === 'object' && value !== null && !Array.isArray(value)
		? Object.fromEntries(Object.entries(value).map(([key, entry]) => [camel(key), entry]))
		: value;

const count = z.number().nullish().catch(null);
const text = z.string().nullish().catch(null);
const flag = z.boolean().nullish().catch(null);
const PROFILE = z.preprocess(
	camelKeys,
	z.object({
		name: text,
		username: text,
		bio: text,
		category: text,
		website: text,
		followersCount: count,
		followers: count,
		followingCount: count,
		postsCount: count,
		isVerified: flag,
		isBusiness: flag,
		followsBusiness: flag,
		businessFollows: flag,
	}),
);
const KNOWN = z.preprocess(
	camelKeys,
	z.object({
		contactType: z.string().catch('amigo'),
		autoClassifyAs: z.enum([...LEAD_CLASSES, 'CLIENTE_VIP']).catch('PESSOAL'),
		skipAiAnalysis: z.boolean().catch(true),
		autoRespond: z.boolean().catch(false),
	}),
);
const LINE = z.object({
	text: z.string(),
	label: z.string(),
	persona: z.string().nullish(),
	profile: PROFILE.nullish(),
	known: z.union([z.boolean(), KNOWN]).nullish(),
});

const LABELS: ReadonlyMap<string, LeadClass | 'LEAD'> = new Map([
	...LEAD_CLASSES.map((name) => [name.toLowerCase(), name] as const),
	['lead', 'LEAD'],
	['hot', 'LEAD_HOT'],
	['warm', 'LEAD_WARM'],
	['cold', 'LEAD_COLD'],
]);

function contactOf(known: z.infer<typeof LINE>['known']): KnownContact | null {
	if (known === undefined || known === null || known === false) return null;
	return { id: 'known', ...(known === true ? KNOWN.parse({}) : known) };
}

function profileOf(profile: z.infer<typeof LINE>['profile']): LeadProfile | null {
	if (profile === undefined || profile === null) return null;
	const { followers, ...own } = profile;
	return { ...own, followersCount: own.followersCount ?? followers };
}

function parseLine(raw: string, line: number): EvaluationCase | BadLine {
	let value: unknown;
	try {
		value = JSON.parse(raw);
	} catch {
		return { line, reason: 'not JSON' };
	}
	const parsed = LINE.safeParse(value);
	if (!parsed.success) {
		const { path, message } = parsed.error.issues[0];
		return { line, reason: `${path.join('.') || 'line'}: ${message}` };
	}
	const label = LABELS.get(parsed.data.label.trim().toLowerCase());
	if (label === undefined)
		return { line, reason: `label: "${parsed.data.label.slice(0, 40)}" is none of ${LEAD_CLASSES.join(', ')}, LEAD` };
	return {
		line,
		label,
		persona: parsed.data.persona ?? null,
		input: {
			platform: 'whatsapp',
			messages: [{ id: String(line), text: parsed.data.text, kind: 'text', referral: null }],
			profile: profileOf(parsed.data.profile),
			known: contactOf(parsed.data.known),
		},
	};
}

/** The cases of a JSON-lines text, and each line that is none with its reason. */
export function parseCases(jsonLines: string): { cases: EvaluationCase[]; bad: BadLine[] } {
	const parsed = jsonLines
		.replace(/^\uFEFF/u, '')
		.split(/\r?\n/u)
		.map((raw, index) => ({ raw: raw.trim(), line: index + 1 }))
		.filter(({ raw }) => raw !== '')
		.map(({ raw, line }) => parseLine(raw, line));
	return {
		cases: parsed.filter((entry): entry is EvaluationCase => 'input' in entry),
		bad: parsed.filter((entry): entry is BadLine => 'reason' in entry),
	};
}

const list = z.preprocess(
	(value) => (typeof value === 'string' ? value.split(',').map((entry) => entry.trim()) : (value ?? [])),
	z.array(z.string()),
);
const words = z
	.string()
	.nullish()
	.transform((value) => value ?? null);
const limit = z
	.number()
	.nullish()
	.transform((value) => value ?? null);
const PERSONA = z.preprocess(
	camelKeys,
	z.object({
		id: words,
		version: z.number().int().catch(1),
		businessType: words,
		targetAudience: words,
		productService: words,
		valueProposition: words,
		mainPainPoints: list,
		solutionsOffered: list,
		idealNiches: list,
		idealJobTitles: list,
		idealBusinessTypes: list,
		minFollowers: limit,
		maxFollowers: limit,
		positiveKeywords: list,
		negativeKeywords: list,
		serviceAreas: list,
		aiClassificationPrompt: words,
		aiResponsePrompt: words,
	}),
);

/** A persona from JSON in the column names of tenant_personas or in camel case; a ZodError says which field is wrong. */
export const parsePersona = (value: unknown): Persona => PERSONA.parse(value);

/** A Brazilian business of which nothing is known. */
export const GENERIC_PERSONA: Persona = parsePersona({});
