import type { Database } from '../database';
import { whileAway } from '../database';
import type { ChannelKind } from '../meta';
import { inTenant } from '../tenancy';
import { LEAD_HISTORY_LIMIT, RULES_TEXT_MAX } from './defaults';
import { activeScorer, type ActiveScorer } from './learning';
import { personaOf, thresholdsUnder, type PersonaRow } from './persona';
import type { LeadSettings } from './settings';
import type { StoredLead } from './store';
import type { KnownContact, LeadClass, LeadInput, LeadMessage, LeadProfile, Persona, PersonalReason } from './types';

/** A leased turn, as far as it matters here. */
export interface TurnRef {
	tenantId: string;
	turnId: number;
}

/** Where the person stood before this turn. */
export interface PreviousLead {
	leadId: string;
	classification: LeadClass;
	personalReason: PersonalReason | null;
	score: number;
	fit: number;
	intent: number;
	/** ISO 8601. */
	scoredAt: string;
	stage: string;
}

/** All that the classification of a turn may look at, read in one round trip. */
export interface LeadContext {
	tenantId: string;
	turnId: number;
	conversationId: string;
	contactId: string;
	platform: ChannelKind;
	/** The value that identifies the person: phone number, user id or username. */
	username: string;
	fullName: string | null;
	profile: LeadProfile | null;
	/** False: a person has the conversation, or the contact opted out; no tokens are spent. */
	answerable: boolean;
	persona: Persona | null;
	settings: LeadSettings;
	/** The tenant's learned scorer; null while the rules alone decide. */
	scorer: ActiveScorer | null;
	/** People treated as HOT today. */
	hotToday: number;
	known: KnownContact | null;
	previous: PreviousLead | null;
	/** What an earlier try of this turn stored. */
	stored: StoredLead | null;
	messages: Array<LeadMessage & { at: string }>;
	history: LeadMessage[];
}

interface LoadedContext extends Omit<LeadContext, 'tenantId' | 'profile' | 'persona' | 'scorer'> {
	profile: Record<string, unknown> | null;
	persona: PersonaRow | null;
}

const LOAD = `select load_lead_context($1::uuid, t.id, $3::integer) as loaded from unnest($2::bigint[]) t(id)`;

/** The contexts of a tenant's turns by turn id; one that is no longer leased is missing. */
export const loadLeadContexts = async (
	database: Database,
	tenantId: string,
	turnIds: readonly number[],
): Promise<Map<number, LeadContext>> =>
	await whileAway(async () => {
		const { loaded, scorers } = await inTenant(database, tenantId, async (db) => {
			const rows = await db.all<{ loaded: LoadedContext | null }>(LOAD, [tenantId, turnIds, LEAD_HISTORY_LIMIT]);
			const loaded = rows.flatMap(({ loaded: one }) => (one ? [one] : []));
			const scorers = new Map<string | null, ActiveScorer | null>();
			// Two at most: the versions of a running roll-out may differ in their scorer.
			for (const id of new Set(loaded.filter(learns).map(scorerIdOf))) scorers.set(id, await activeScorer(db, id));
			return { loaded, scorers };
		});
		return new Map(loaded.map((one) => [one.turnId, contextOf(tenantId, one, scorers)] as const));
	});

const learns = ({ settings }: LoadedContext): boolean => settings.learnedScorerEnabled;
const scorerIdOf = ({ persona }: LoadedContext): string | null => persona?.scoring_model_id ?? null;

function contextOf(
	tenantId: string,
	loaded: LoadedContext,
	scorers: ReadonlyMap<string | null, ActiveScorer | null>,
): LeadContext {
	const persona = loaded.persona ? personaOf(loaded.persona) : null;
	return {
		...loaded,
		tenantId,
		persona,
		settings: thresholdsUnder(loaded.settings, persona),
		scorer: learns(loaded) ? (scorers.get(scorerIdOf(loaded)) ?? null) : null,
		profile: profileOf(loaded.profile, loaded.fullName, loaded.username),
		messages: (loaded.messages ?? []).map(bounded),
		history: loaded.history.map(bounded),
	};
}

/** The text as far as it is read; "[image]" stands where somebody wrote nothing. */
const bounded = <T extends LeadMessage>(message: T): T => {
	const text = message.text ?? '';
	return { ...message, text: text === `[${message.kind}]` ? '' : text.slice(0, RULES_TEXT_MAX) };
};

/** What the rules read: the burst, who wrote it, and what they wrote before. */
export const leadInputOf = (context: LeadContext): LeadInput => ({
	platform: context.platform,
	messages: context.messages,
	profile: context.profile,
	known: context.known,
	history: context.history,
});

const text = (value: unknown): string | null => (typeof value === 'string' && value.trim() !== '' ? value : null);
const count = (value: unknown): number | null =>
	typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : null;
const flag = (value: unknown): boolean | null => (typeof value === 'boolean' ? value : null);

/** A contact's profile by the names of an import or of Meta's user profile API. What is absent is unknown. */
export function profileOf(
	stored: Record<string, unknown> | null,
	fullName: string | null,
	username: string | null,
): LeadProfile {
	const profile = stored ?? {};
	return {
		name: fullName ?? text(profile.name),
		username: text(profile.username) ?? username,
		bio: text(profile.bio) ?? text(profile.biography),
		category: text(profile.category),
		website: text(profile.website),
		followersCount: count(profile.followers_count) ?? count(profile.follower_count),
		followingCount: count(profile.following_count) ?? count(profile.follows_count),
		postsCount: count(profile.posts_count) ?? count(profile.media_count),
		isVerified: flag(profile.is_verified) ?? flag(profile.is_verified_user),
		isBusiness: flag(profile.is_business),
		followsBusiness: flag(profile.is_user_follow_business),
		businessFollows: flag(profile.is_business_follow_user),
	};
}
