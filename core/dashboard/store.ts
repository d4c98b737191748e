import { z } from 'zod/v4';
import type { TenantConnection } from '../tenancy';

/** Answers that the list offers to explain. */
const REPLIES = 40;
/** Characters of an answer in the list. */
const EXCERPT = 120;
const VERSIONS = 60;

export interface ListedReply {
	messageId: number;
	at: Date;
	contact: string | null;
	text: string;
}

const LATEST = `select m.id as "messageId", m.created_at as at, coalesce(k.full_name, k.username) as contact, left(m.body, $2::integer) as text
	from (select * from messages x where x.tenant_id = $1::uuid and x.direction = 'outbound' and x.author = 'agent' order by x.id desc limit $3::integer) m
	join conversations c on c.tenant_id = m.tenant_id and c.id = m.conversation_id
	join contacts k on k.tenant_id = c.tenant_id and k.id = c.contact_id
	order by m.id desc`;

/** What the agent said last, the newest first. */
export const latestReplies = async (db: TenantConnection): Promise<ListedReply[]> =>
	await db.all<ListedReply & Record<string, unknown>>(LATEST, [db.tenantId, EXCERPT, REPLIES]);

export interface ListedVersion {
	target: 'persona' | 'prompt';
	versionId: string;
	version: number;
	agentVersion: string | null;
	parentId: string | null;
	inService: boolean;
	activatedAt: Date | null;
	changeReason: string | null;
	people: number;
	conversionPercent: number | null;
	score: number | null;
}

const SERVED = `select v.target, v.version_id as "versionId", v.version, v.agent_version as "agentVersion", v.parent_id as "parentId", v.in_service as "inService",
		v.activated_at as "activatedAt", v.change_reason as "changeReason", v.people, v.conversion_percent::double precision as "conversionPercent",
		coalesce(v.judged_score, v.mean_score)::double precision as score
	from vw_version_performance v where v.tenant_id = $1::uuid and v.activated_at is not null
	order by v.target, v.activated_at desc limit $2::integer`;

/** Versions that have served, of each kind the newest first. */
export const servedVersions = async (db: TenantConnection): Promise<ListedVersion[]> =>
	await db.all<ListedVersion & Record<string, unknown>>(SERVED, [db.tenantId, VERSIONS]);

const breakerSchema = z.object({
	state: z.enum(['open', 'half_open', 'closed']),
	since: z.string().nullable(),
	reason: z.string().nullable(),
});
export type Breaker = z.infer<typeof breakerSchema> & {
	target: 'persona' | 'prompt';
	agentId: string | null;
	agent: string | null;
};

const BREAKERS = `select 'persona' as target, null::uuid as "agentId", null::text as agent, breaker_of($1::uuid, 'persona', null) as breaker
	union all
	select 'prompt', a.id, a.name, breaker_of(a.tenant_id, 'prompt', a.id) from agents a where a.tenant_id = $1::uuid
	limit 50`;

/** The breakers that are not closed. */
export async function openBreakers(db: TenantConnection): Promise<Breaker[]> {
	const rows = await db.all<{
		target: Breaker['target'];
		agentId: string | null;
		agent: string | null;
		breaker: unknown;
	}>(BREAKERS, [db.tenantId]);
	return rows
		.map(({ breaker, ...row }) => ({ ...row, ...breakerSchema.parse(breaker) }))
		.filter(({ state }) => state !== 'closed');
}

const NOTE_OPENED = `select track_event($1::uuid, 'dashboard.opened', $2::text, '{}', null, null, $2::uuid)`;

/** Once a member: the report on the set-up waits for it. */
export const noteOpened = async (db: TenantConnection, userId: string): Promise<void> =>
	void (await db.one(NOTE_OPENED, [db.tenantId, userId]));
