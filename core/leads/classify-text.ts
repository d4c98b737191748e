import type { Database } from '../database';
import { FactoryError } from '../errors';
import type { LlmUsage } from '../llm';
import type { ChannelKind } from '../meta';
import { inTenant } from '../tenancy';
import { NO_PERSONA_ADVICE } from './classify';
import { profileOf } from './context';
import { RULES_TEXT_MAX } from './defaults';
import { judgeLeads, type ClassifyPorts } from './judge';
import type { AiAnalysis } from './model';
import { personaOf, type PersonaRow } from './persona';
import { routeLead, type LeadRoute } from './route';
import type { LeadSettings } from './settings';
import type { DecidedBy } from './store';
import type { KnownContact, LeadClass, Persona, PersonalReason, ScorePoint } from './types';

export interface TriedText {
	text: string;
	platform?: ChannelKind;
	/** Phone number or username, to look among the known contacts. */
	username?: string;
	/** By the names of profile_data, or of Meta's user profile API. */
	profile?: Record<string, unknown>;
}

/** What would have become of a message, with every point; nothing of it is stored. */
export interface TriedLead {
	classification: LeadClass;
	personalReason: PersonalReason | null;
	score: number;
	fit: number;
	intent: number;
	confidence: number;
	decidedBy: DecidedBy;
	route: LeadRoute;
	points: ScorePoint[];
	gate: string | null;
	injection: boolean;
	analysis: AiAnalysis | null;
	modelError: string | null;
	usage: LlmUsage[];
	personaVersion: number | null;
	advice: string | null;
}

const READ = `select get_active_persona($1::uuid) as persona, lead_settings_of($1::uuid) as settings, is_known_contact($1::uuid, $2::text, $3::text) as known`;

interface ReadRow extends Record<string, unknown> {
	persona: PersonaRow | null;
	settings: LeadSettings | null;
	known: Record<string, unknown> & { is_known: boolean };
}

/** What a tenant measures by. */
export async function readMeasures(
	database: Database,
	tenantId: string,
	who: { platform?: string; username?: string } = {},
): Promise<{ persona: Persona | null; settings: LeadSettings; known: KnownContact | null }> {
	const row = await inTenant(
		database,
		tenantId,
		async (db) => await db.one<ReadRow>(READ, [tenantId, who.platform ?? 'whatsapp', who.username ?? '']),
	);
	if (!row?.settings) {
		throw new FactoryError('NOT_FOUND', `There is no tenant ${tenantId}. Pick one from the list.`, { item: tenantId });
	}
	return {
		persona: row.persona ? personaOf(row.persona) : null,
		settings: row.settings,
		known: row.known.is_known
			? {
					id: row.known.id as string,
					contactType: row.known.contact_type as string,
					autoClassifyAs: row.known.auto_classify_as as KnownContact['autoClassifyAs'],
					skipAiAnalysis: row.known.skip_ai_analysis as boolean,
					autoRespond: row.known.auto_respond as boolean,
				}
			: null,
	};
}

/** Tries the classifier on a text, as a message of today would be judged. */
export async function classifyText(
	database: Database,
	tenantId: string,
	{ text, platform = 'whatsapp', username, profile = {} }: TriedText,
	ports: ClassifyPorts,
): Promise<TriedLead> {
	const { persona, settings, known } = await readMeasures(database, tenantId, { platform, username });
	const message = { id: '1', text: text.slice(0, RULES_TEXT_MAX), kind: 'text', referral: null };
	const shown = profileOf(profile, null, username ?? null);
	const input = { platform, messages: [message], profile: shown, known, history: [] };
	const [judged] = await judgeLeads([{ input, persona, settings, previous: null, mayAsk: true }], ports);
	if (judged instanceof Error) throw judged;
	const { rules, usage, modelError } = judged;
	const { analysis, ...verdict } = judged.verdict;
	const { answeredClasses } = settings;
	return {
		...verdict,
		route: routeLead({ ...verdict, known, overLimit: false, answeredClasses }),
		points: rules?.points ?? [],
		gate: rules?.gate?.rule ?? null,
		injection: rules?.injection ?? false,
		analysis,
		modelError,
		usage,
		personaVersion: persona?.version ?? null,
		advice: persona ? null : NO_PERSONA_ADVICE,
	};
}
