import type { Database } from '../database';
import { inTenant } from '../tenancy';
import { WINDOW_CONVERSATIONS } from './defaults';
import type { RawTurn } from './conversation';
import type { WrittenByLead } from './findings';
import { addressesMachine } from './conversation';
import type { Levels } from './rubric';

/** What is judged: the prompt of an agent version in service, or the tenant's persona in service. */
export type Target = { target: 'persona' } | { target: 'prompt'; agentVersionId: string };

export interface Window {
	start: Date;
	end: Date;
}

/** The version in service, with what it says of the business. */
export interface TargetVersion {
	agentId: string | null;
	agentVersionId: string | null;
	/** Persona or system prompt. */
	versionId: string;
	/** Hash of what is judged. */
	sha: string;
	brief: unknown;
}

const PROMPT = `select av.agent_id as "agentId", av.id as "agentVersionId", sp.id as "versionId", sp.prompt_sha256 as sha, av.spec as brief
	from agent_versions av join system_prompts sp on sp.tenant_id = av.tenant_id and sp.agent_version_id = av.id and sp.is_active
	where av.tenant_id = $1::uuid and av.id = $2::uuid`;
const PERSONA = `select null as "agentId", null as "agentVersionId", p.id as "versionId",
		encode(sha256(convert_to(p.id::text, 'UTF8')), 'hex') as sha, persona_row_of(p) as brief
	from tenant_personas p where p.tenant_id = $1::uuid and p.is_active`;

export const readTarget = async (database: Database, tenantId: string, target: Target): Promise<TargetVersion | null> =>
	await inTenant(database, tenantId, async (db) => {
		const row = await (target.target === 'prompt'
			? db.one<TargetVersion & Record<string, unknown>>(PROMPT, [tenantId, target.agentVersionId])
			: db.one<TargetVersion & Record<string, unknown>>(PERSONA, [tenantId]));
		return row ?? null;
	});

/** A conversation of the window, with what is known of its person. */
export interface WindowConversation {
	id: string;
	leadKey: string;
	flagged: boolean;
	learnable: boolean;
	isHot: boolean | null;
	score: number | null;
	/** Null: not matured by the end of the window. */
	y: 0 | 1 | null;
}

// Outcomes are taken as they stood at the end of the window, so that the cycle can be repeated.
const CONVERSATIONS = `with labels as materialized (
		select b.lead_id, b.learnable, case when b.matured_at <= $4::timestamptz then b.y end as y from lead_labels($1::uuid, $5::integer) b
	), had as (
		select distinct t.conversation_id from turns t
		where t.tenant_id = $1::uuid and $2::text = 'prompt' and t.system_prompt_id = $6::uuid and t.finished_at >= $3::timestamptz and t.finished_at < $4::timestamptz
		union
		select distinct x.conversation_id from classified_leads x
		where x.tenant_id = $1::uuid and $2::text = 'persona' and x.persona_id = $6::uuid and x.created_at >= $3::timestamptz and x.created_at < $4::timestamptz
	)
	select c.id, c.contact_id as "leadKey", coalesce(k.flagged, false) as flagged,
		coalesce(b.learnable, true) and n.opted_out_at is null and coalesce(k.class, '') <> 'PESSOAL' as learnable, k.class = 'LEAD_HOT' as "isHot", k.score, b.y
	from had join conversations c on c.tenant_id = $1::uuid and c.id = had.conversation_id
	join contacts n on n.tenant_id = c.tenant_id and n.id = c.contact_id
	left join leads l on l.tenant_id = c.tenant_id and l.contact_id = c.contact_id
	left join labels b on b.lead_id = l.id
	left join lateral (
		select bool_or(x.injection_flagged) as flagged, (array_agg(x.classification order by x.created_at desc))[1] as class,
			(array_agg(x.icp_score order by x.created_at desc))[1] as score
		from classified_leads x where x.tenant_id = c.tenant_id and x.lead_id = l.id and x.created_at < $4::timestamptz
	) k on true
	order by c.id limit ${WINDOW_CONVERSATIONS}`;

export const readWindow = async (
	database: Database,
	tenantId: string,
	target: 'persona' | 'prompt',
	versionId: string,
	{ start, end }: Window,
	horizonDays: number,
): Promise<WindowConversation[]> =>
	await inTenant(
		database,
		tenantId,
		async (db) =>
			await db.all<WindowConversation & Record<string, unknown>>(CONVERSATIONS, [
				tenantId,
				target,
				start,
				end,
				horizonDays,
				versionId,
			]),
	);

const TURNS = `select c.id, m.who, m.body as text, m.at from unnest($2::uuid[]) as c(id)
	cross join lateral (
		select case x.author when 'contact' then 'customer' when 'agent' then 'agent' else 'person' end as who, x.body, x.created_at as at, x.id
		from messages x where x.tenant_id = $1::uuid and x.conversation_id = c.id and x.body <> '' and x.author <> 'system' and x.revoked_at is null
			and x.status not in ('failed', 'blocked', 'superseded', 'pending') and x.created_at < $3::timestamptz
		order by x.id desc limit $4::integer
	) m order by c.id, m.id`;

/** The latest turns of conversations, oldest first, by conversation. */
export async function readTurns(
	database: Database,
	tenantId: string,
	ids: readonly string[],
	{ before, most }: { before: Date; most: number },
): Promise<Map<string, RawTurn[]>> {
	const rows = await inTenant(
		database,
		tenantId,
		async (db) =>
			await db.all<{ id: string; who: RawTurn['who']; text: string; at: Date }>(TURNS, [tenantId, ids, before, most]),
	);
	const turns = new Map<string, RawTurn[]>(ids.map((id) => [id, []]));
	for (const { id, who, text, at } of rows) turns.get(id)!.push({ who, text, at: at.toISOString() });
	return turns;
}

export interface MaturedRow {
	leadKey: string;
	y: 0 | 1;
	score: number;
	isHot: boolean;
	treated: boolean;
	propensity: number;
	day: string;
	texts: string[];
}

const MATURED = `select l.contact_id as "leadKey", b.y, x.icp_score as score, x.classification = 'LEAD_HOT' as "isHot", x.treatment = 'hot' as treated,
		x.treat_propensity::double precision as propensity, to_char(b.started_at, 'YYYY-MM-DD') as day,
		array(select left(m.body, 1000) from messages m join conversations c on c.tenant_id = m.tenant_id and c.id = m.conversation_id
			where c.tenant_id = $1::uuid and c.contact_id = l.contact_id and m.direction = 'inbound' and m.body <> '' and m.revoked_at is null
			order by m.id limit 10) as texts
	from lead_labels($1::uuid, $5::integer) b
	join classified_leads x on x.tenant_id = $1::uuid and x.id = b.classified_lead_id and x.persona_id = $2::uuid
	join leads l on l.tenant_id = $1::uuid and l.id = b.lead_id
	where b.y is not null and b.learnable and b.started_at >= $3::timestamptz and b.matured_at <= $4::timestamptz
	order by b.started_at desc, l.id limit ${WINDOW_CONVERSATIONS}`;

/** People whose outcome was known by the end of the window, as this persona classified them. */
export const readMatured = async (
	database: Database,
	tenantId: string,
	personaId: string,
	{ start, end }: Window,
	horizonDays: number,
): Promise<MaturedRow[]> =>
	await inTenant(
		database,
		tenantId,
		async (db) =>
			await db.all<MaturedRow & Record<string, unknown>>(MATURED, [tenantId, personaId, start, end, horizonDays]),
	);

export const writtenBy = (rows: readonly MaturedRow[]): WrittenByLead[] =>
	rows.map(({ leadKey, day, y, texts }) => ({ leadKey, day, y, texts, tainted: texts.some(addressesMachine) }));

const DELAYS = `select extract(epoch from coalesce(b.matured_at, $2::timestamptz) - b.started_at) / 86400 as days, coalesce(b.y = 1, false) as won
	from lead_labels($1::uuid, 3650) b where b.learnable and b.started_at < $2::timestamptz limit ${WINDOW_CONVERSATIONS}`;

/** How long people took to be won, and for how long the others have been watched. */
export const readDelays = async (
	database: Database,
	tenantId: string,
	asOf: Date,
): Promise<Array<{ days: number; won: boolean }>> =>
	(
		await inTenant(
			database,
			tenantId,
			async (db) => await db.all<{ days: string; won: boolean }>(DELAYS, [tenantId, asOf]),
		)
	).map(({ days, won }) => ({ days: Math.max(0, Number(days)), won }));

export interface GoldenRow {
	conversationId: string;
	leadKey: string;
	labels: Levels;
	secondLabels: Levels | null;
}

const GOLDEN = `select g.conversation_id as "conversationId", c.contact_id as "leadKey", g.labels, g.second_labels as "secondLabels"
	from golden_items g join conversations c on c.tenant_id = g.tenant_id and c.id = g.conversation_id
	where g.tenant_id = $1::uuid and g.retired_at is null and g.created_at < $2::timestamptz order by g.created_at desc, g.id limit 60`;

/** The newest conversations that people have scored. */
export const readGolden = async (database: Database, tenantId: string, asOf: Date): Promise<GoldenRow[]> =>
	await inTenant(
		database,
		tenantId,
		async (db) => await db.all<GoldenRow & Record<string, unknown>>(GOLDEN, [tenantId, asOf]),
	);
