import type { ChannelKind } from '../meta';

export const LEAD_CLASSES = ['LEAD_HOT', 'LEAD_WARM', 'LEAD_COLD', 'PESSOAL', 'SPAM', 'DESQUALIFICADO'] as const;
export type LeadClass = (typeof LEAD_CLASSES)[number];

/** Why PESSOAL: family and friends, the house's own people, a client about a running matter. */
export type PersonalReason = 'familiar' | 'interno' | 'cliente_ativo';

/** A version of the ideal customer profile, as stored in tenant_personas. */
export interface Persona {
	id: string | null;
	version: number;
	businessType: string | null;
	targetAudience: string | null;
	productService: string | null;
	valueProposition: string | null;
	mainPainPoints: string[];
	solutionsOffered: string[];
	idealNiches: string[];
	idealJobTitles: string[];
	idealBusinessTypes: string[];
	minFollowers: number | null;
	maxFollowers: number | null;
	positiveKeywords: string[];
	negativeKeywords: string[];
	/** Cities, states or countries that are served; empty: everywhere. */
	serviceAreas: string[];
	aiClassificationPrompt: string | null;
	aiResponsePrompt: string | null;
	/** Points of a keyword where they differ from the rules' own; by its stems (`keywordKey`). */
	keywordWeights?: Readonly<Record<string, number>>;
	/** Added to the tenant's HOT and WARM thresholds while this version decides. */
	thresholdShift?: number;
	/** The learned scorer of this version; null: the tenant's active one. */
	scoringModelId?: string | null;
}

/** What Meta or an import tells of a person; null is unknown and never counts against them. */
export interface LeadProfile {
	name?: string | null;
	username?: string | null;
	bio?: string | null;
	category?: string | null;
	website?: string | null;
	followersCount?: number | null;
	followingCount?: number | null;
	postsCount?: number | null;
	isVerified?: boolean | null;
	isBusiness?: boolean | null;
	followsBusiness?: boolean | null;
	businessFollows?: boolean | null;
}

/** A row of tenant_known_contacts that this person is. */
export interface KnownContact {
	id: string;
	contactType: string;
	/** A lead class, or CLIENTE_VIP. */
	autoClassifyAs: LeadClass | 'CLIENTE_VIP';
	skipAiAnalysis: boolean;
	autoRespond: boolean;
}

export interface LeadMessage {
	/** Id of the message in the tenant's ledger, as text. */
	id: string;
	text: string;
	/** Kind of the message: text, audio, image ... */
	kind: string;
	/** Of the ad or link that opened the conversation, as Meta sends it. */
	referral: Record<string, unknown> | null;
}

/** All that a classification may look at. */
export interface LeadInput {
	platform: ChannelKind;
	/** The burst to classify, oldest first. */
	messages: LeadMessage[];
	profile: LeadProfile | null;
	known: KnownContact | null;
	/** What this person wrote before the burst, oldest first: evidence for a person's score, not for the gate. */
	history?: LeadMessage[];
}

/** One reason for or against, with its evidence. `evidence` is the word that was found, normalised; never a sentence. */
export interface ScorePoint {
	axis: 'fit' | 'intent';
	/** What gave the points: positive_keyword, negative_keyword, niche, job_title, buying_intent ... */
	rule: string;
	points: number;
	/** The message it was found in; null where it was the profile. */
	messageId: string | null;
	evidence: string;
}

/** The answer to "is this a lead at all", before any token is spent. */
export interface GateVerdict {
	classification: 'PESSOAL' | 'SPAM' | 'DESQUALIFICADO';
	personalReason: PersonalReason | null;
	/** Name of the rule: family, supplier, job_seeker, wrong_number, bulk ... */
	rule: string;
	messageId: string | null;
	evidence: string;
	/** 0 to 1. */
	confidence: number;
}

/** What the rules alone say. */
export interface RuleResult {
	classification: LeadClass;
	personalReason: PersonalReason | null;
	/** 0 to 100 each. */
	fit: number;
	intent: number;
	score: number;
	/** 0 to 1. */
	confidence: number;
	gate: GateVerdict | null;
	points: ScorePoint[];
	language: 'pt' | 'en' | 'es';
	/** The text tries to give orders to a machine: it stays out of every learning sample. */
	injection: boolean;
	/** The evidence that verifies a HOT: a buying intent found by a rule. Without it nobody is HOT, whatever a model says. */
	verifiedIntent: boolean;
	/** Inside the tenant's unsure band: worth a model's tokens. */
	unsure: boolean;
}

/** Where the classes begin and where a model is asked. */
export interface LeadThresholds {
	/** Scores from here are LEAD_HOT, from `warm` LEAD_WARM, from `cold` LEAD_COLD; below DESQUALIFICADO only with evidence against. */
	hot: number;
	warm: number;
	cold: number;
	/** Rules whose confidence is below this ask the model. 0: never, 1: nearly always. */
	unsureBelow: number;
	/** Points by which a score must fall below a limit before HOT or WARM is lost. */
	hysteresis: number;
}
