import {
	activeScorer,
	classifyByRules,
	scoreLead,
	thresholdsUnder,
	type ActiveScorer,
	type LeadClass,
	type LeadInput,
	type LeadProfile,
	type LeadSettings,
	type Persona,
} from '../leads';
import type { TenantConnection } from '../tenancy';
import type { GatePair } from './gate';
import { AFFECTED_DAYS, AFFECTED_SHOWN, REPLAY_LEADS } from './defaults';

/** How a version sees a lead. */
export interface Seen {
	classification: LeadClass;
	/** 0 to 100; 0 for who is no lead. */
	score: number;
	isHot: boolean;
	/** Of being won, where a learned scorer says one. */
	probability?: number;
}

/** A persona version with all it decides by. */
export interface Measure {
	persona: Persona;
	settings: LeadSettings;
	scorer: ActiveScorer | null;
}

/** The rules and the scorer as they decide about a message of today, without a token. */
export function seenBy(input: LeadInput, { persona, settings, scorer }: Measure): Seen {
	const limits = thresholdsUnder(settings, persona);
	const rules = classifyByRules(input, persona, limits);
	if (!rules.classification.startsWith('LEAD_'))
		return { classification: rules.classification, score: 0, isHot: false };
	const fromAd = input.messages.some(({ referral }) => referral !== null);
	const facts = { score: rules.score, points: rules.points, platform: input.platform, fromAd };
	const learned = scorer && !rules.injection ? scoreLead(scorer.model, facts, scorer.version) : null;
	const raw = learned?.score ?? rules.score;
	// Without a buying intent that a rule found nobody is HOT.
	const score = rules.verifiedIntent ? raw : Math.min(raw, limits.hot - 1);
	const isHot = score >= limits.hot;
	const classification = isHot ? 'LEAD_HOT' : score >= limits.warm ? 'LEAD_WARM' : 'LEAD_COLD';
	return { classification, score, isHot, ...(learned ? { probability: learned.probability } : {}) };
}

interface LeadRow extends Record<string, unknown> {
	lead_id: string;
	platform: LeadInput['platform'];
	message_text: string;
	profile_data: LeadProfile | null;
	from_ad: boolean;
	history: string[];
	y: 0 | 1 | null;
	treat_propensity: string | null;
	full_name: string | null;
}

const SAID = `coalesce((select jsonb_agg(m.body order by m.id) from messages m where m.tenant_id = c.tenant_id and m.direction = 'inbound'
	and m.id in (select h::bigint from jsonb_array_elements_text(coalesce(c.conversation_context -> 'history', '[]')) h)), '[]')`;
// The people whose examples stand on the gate's side; see log_training_example.
const HELD_BACK = `select c.lead_id, c.platform, c.message_text, c.profile_data, c.full_name, l.referral is not null as from_ad, ${SAID} as history, b.y, b.treat_propensity
	from lead_labels($1::uuid, $2::integer) b
	join classified_leads c on c.tenant_id = $1::uuid and c.id = b.classified_lead_id
	join leads l on l.tenant_id = c.tenant_id and l.id = c.lead_id
	where b.y is not null and b.learnable and c.known_contact_id is null and c.message_text is not null
		and get_byte(sha256(convert_to(c.tenant_id || '|' || c.lead_key, 'UTF8')), 0) >= 154
	order by c.created_at desc limit $3::integer`;
const RECENT = `select distinct on (c.lead_id) c.lead_id, c.platform, c.message_text, c.profile_data, c.full_name, l.referral is not null as from_ad, ${SAID} as history,
		null::integer as y, null::numeric as treat_propensity
	from classified_leads c join leads l on l.tenant_id = c.tenant_id and l.id = c.lead_id
	where c.tenant_id = $1::uuid and c.created_at > now() - make_interval(days => $2::integer) and c.known_contact_id is null and c.message_text is not null
		and not c.injection_flagged
	order by c.lead_id, c.created_at desc limit $3::integer`;

const inputOf = (row: LeadRow): LeadInput => ({
	platform: row.platform,
	messages: [{ id: '1', text: row.message_text, kind: 'text', referral: row.from_ad ? {} : null }],
	profile: row.profile_data,
	known: null,
	history: row.history.map((text, n) => ({ id: `h${n}`, text, kind: 'text', referral: null })),
});

/** A version's own scorer, or the tenant's; none where the tenant does without. */
export const measureOf = async (db: TenantConnection, persona: Persona, settings: LeadSettings): Promise<Measure> => ({
	persona,
	settings,
	scorer: settings.learnedScorerEnabled ? await activeScorer(db, persona.scoringModelId ?? null) : null,
});

/** Held-back leads with known outcomes through both versions. Only numbers leave. */
export async function replay(
	db: TenantConnection,
	incumbent: Measure,
	candidate: Measure,
	options: { horizonDays: number },
): Promise<GatePair[]> {
	const rows = await db.all<LeadRow>(HELD_BACK, [db.tenantId, options.horizonDays, REPLAY_LEADS]);
	return rows.reverse().map((row) => {
		const input = inputOf(row);
		const [old, now] = [seenBy(input, incumbent), seenBy(input, candidate)];
		return {
			leadKey: row.lead_id,
			won: row.y === 1,
			propensity: Number(row.treat_propensity),
			incumbentHot: old.isHot,
			candidateScore: now.score,
			incumbentProbability: old.probability,
			candidateProbability: now.probability,
			stratum: `${row.platform}/${row.from_ad ? 'ad' : 'organic'}`,
		};
	});
}

/** A lead whose class would change, masked. */
export interface ChangedLead {
	leadId: string;
	/** First letter of the name and the channel: enough to find it, too little to know who it is. */
	shown: string;
	from: LeadClass;
	to: LeadClass;
	scoreFrom: number;
	scoreTo: number;
}

/** Who is affected by a change: people of the last days, by the class they would have under either version. */
export interface Affected {
	days: number;
	leads: number;
	changed: number;
	hotBefore: number;
	hotAfter: number;
	moves: Array<{ from: LeadClass; to: LeadClass; leads: number }>;
	hotter: ChangedLead[];
	colder: ChangedLead[];
}

const masked = ({ full_name, platform }: LeadRow): string => {
	const [letter] = (full_name ?? '').match(/\p{L}/u) ?? ['•'];
	return `${letter.toUpperCase()}••• (${platform})`;
};

export async function affectedBy(db: TenantConnection, incumbent: Measure, candidate: Measure): Promise<Affected> {
	const rows = await db.all<LeadRow>(RECENT, [db.tenantId, AFFECTED_DAYS, REPLAY_LEADS]);
	const moves = new Map<string, { from: LeadClass; to: LeadClass; leads: number }>();
	const changed: ChangedLead[] = [];
	let [hotBefore, hotAfter] = [0, 0];
	for (const row of rows) {
		const input = inputOf(row);
		const [old, now] = [seenBy(input, incumbent), seenBy(input, candidate)];
		hotBefore += Number(old.isHot);
		hotAfter += Number(now.isHot);
		if (old.classification === now.classification) continue;
		const [from, to] = [old.classification, now.classification];
		const move = moves.get(`${from}>${to}`) ?? { from, to, leads: 0 };
		moves.set(`${from}>${to}`, { ...move, leads: move.leads + 1 });
		const lead = { leadId: row.lead_id, shown: masked(row), from, to };
		changed.push({ ...lead, scoreFrom: old.score, scoreTo: now.score });
	}
	const by = (way: 1 | -1): ChangedLead[] =>
		changed
			.filter(({ scoreFrom, scoreTo }) => Math.sign(scoreTo - scoreFrom) === way)
			.sort((a, b) => Math.abs(b.scoreTo - b.scoreFrom) - Math.abs(a.scoreTo - a.scoreFrom))
			.slice(0, AFFECTED_SHOWN);
	return {
		...{ days: AFFECTED_DAYS, leads: rows.length, changed: changed.length, hotBefore, hotAfter },
		moves: [...moves.values()].sort((a, b) => b.leads - a.leads),
		hotter: by(1),
		colder: by(-1),
	};
}
