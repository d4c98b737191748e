import { whileAway, type Database } from '../database';
import type { LlmUsage } from '../llm';
import { inTenant } from '../tenancy';
import type { AiAnalysis } from './model';
import type { LeadClass, PersonalReason, ScorePoint } from './types';

/** Who had the last word on a class. */
export type DecidedBy = 'known_contact' | 'gate' | 'rules' | 'model' | 'rules_fallback' | 'learned';

/** How eagerly a person is treated; the loop that learns divides by the probability of it. */
export type Treatment = 'hot' | 'standard' | 'none';

/** What save_classified_lead takes. */
export interface ClassifiedLead {
	turnId: number | null;
	conversationId: string | null;
	contactId: string;
	personaId: string | null;
	personaVersion: number | null;
	knownContactId: string | null;
	platform: string;
	username: string;
	fullName: string | null;
	messageText: string | null;
	/** ISO 8601. */
	messageTimestamp: string;
	/** Ids of messages: their texts stand in messages, and end there. */
	conversationContext: { messages: string[]; history: string[] } | null;
	profileData: object | null;
	aiAnalysis: AiAnalysis | null;
	classification: LeadClass;
	personalReason: PersonalReason | null;
	icpScore: number;
	fitScore: number;
	intentScore: number;
	confidence: number;
	scoreBreakdown: ScorePoint[];
	decidedBy: DecidedBy;
	injectionFlagged: boolean;
	treatment: Treatment;
	treatPropensity: number;
	explorationArm: 'explore' | 'exploit' | null;
	source: 'organic' | 'ad' | 'comment' | 'import' | 'outreach';
	referral: Record<string, unknown> | null;
	usage: LlmUsage[];
}

/** A classification as it stands in the database. */
export interface StoredLead {
	id: string;
	leadId: string;
	classification: LeadClass;
	personalReason: PersonalReason | null;
	score: number;
	fit: number;
	intent: number;
	confidence: number;
	decidedBy: DecidedBy;
	points: ScorePoint[];
	injection: boolean;
	treatment: Treatment;
	/** The plan's persons of the month are used up: stored, not answered. */
	overLimit: boolean;
	personaVersion: number | null;
}

export interface SavedLead extends StoredLead {
	/** False: an earlier try of this turn had stored it, and this is what it stored. */
	created: boolean;
	/** This one was the first over the limit: the tenant was told. */
	limitTold: boolean;
	becameHot: boolean;
}

const SAVE = `select save_classified_lead($1::uuid, $2::jsonb) as saved`;

/** Stores one classification in a transaction of its own; a turn that is stored already is answered as it stands. */
export const saveClassifiedLead = async (
	database: Database,
	tenantId: string,
	lead: ClassifiedLead,
): Promise<SavedLead> =>
	await whileAway(
		async () =>
			await inTenant(
				database,
				tenantId,
				async (db) => (await db.one<{ saved: SavedLead }>(SAVE, [tenantId, JSON.stringify(lead)]))!.saved,
			),
	);
