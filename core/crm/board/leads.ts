import type { Database } from '../../database';
import { inTenant } from '../../tenancy';
import { LIST_LIMIT } from './defaults';

export interface LeadFilter {
	stageId?: string;
	classification?: string;
	/** A member's id. */
	assignedUserId?: string;
	/** Only those in nobody's hands. */
	unassigned?: boolean;
	/** Only favourites. */
	favorite?: boolean;
	/** Part of a name, user name or phone number. */
	search?: string;
	limit?: number;
}

const LIST = `select v.id, v.contact_id as "contactId", v.full_name as "name", v.username, v.phone, v.stage, v.stage_name as "stageName", v.classification,
		v.lead_score as "score", v.score_now as "scoreNow", v.source, v.assigned_user_id as "assignedUserId", l.is_favorite as "isFavorite",
		v.first_hot_at as "firstHotAt", l.created_at as "createdAt", l.updated_at as "updatedAt"
	from vw_leads v join leads l on l.tenant_id = v.tenant_id and l.id = v.id
	where v.tenant_id = $1::uuid and ($2::uuid is null or l.stage_id = $2::uuid) and ($3::text is null or l.classification = $3::text)
		and ($4::uuid is null or l.assigned_user_id = $4::uuid) and (not $5::boolean or l.assigned_user_id is null)
		and (not $6::boolean or l.is_favorite) and ($7::text is null or concat_ws(' ', v.full_name, v.username, v.phone) ilike $7::text)
	order by l.lead_score desc, l.updated_at desc limit $8::integer`;
const ASSIGN = `select hand_lead_to($1::uuid, $2::uuid, $3::uuid) as changed`;
const FAVORITE = `select set_favorite_lead($1::uuid, $2::uuid, $3::boolean) as favorite`;

/** A text in which % and _ are themselves. */
const contains = (search: string): string => `%${search.replace(/[\\%_]/g, (found) => `\\${found}`)}%`;

/** Leads of a tenant, highest score first. */
export const listLeads = async (
	database: Database,
	tenantId: string,
	filter: LeadFilter = {},
): Promise<Array<Record<string, unknown>>> =>
	await inTenant(
		database,
		tenantId,
		async (db) =>
			await db.all(LIST, [
				...[tenantId, filter.stageId ?? null, filter.classification ?? null, filter.assignedUserId ?? null],
				...[filter.unassigned ?? false, filter.favorite ?? false],
				...[filter.search ? contains(filter.search) : null, filter.limit ?? LIST_LIMIT],
			]),
	);

/** Puts a lead into a member's hands, or nobody's. */
export const assignLead = async (
	database: Database,
	tenantId: string,
	{ leadId, userId }: { leadId: string; userId: string | null },
	actor?: string,
): Promise<{ leadId: string; assignedUserId: string | null; changed: boolean }> =>
	await inTenant(
		database,
		tenantId,
		async (db) => {
			const { changed } = (await db.one<{ changed: boolean }>(ASSIGN, [tenantId, leadId, userId]))!;
			return { leadId, assignedUserId: userId, changed };
		},
		{ actor },
	);

export const setFavoriteLead = async (
	database: Database,
	tenantId: string,
	{ leadId, isFavorite }: { leadId: string; isFavorite: boolean },
	actor?: string,
): Promise<{ leadId: string; isFavorite: boolean }> =>
	await inTenant(
		database,
		tenantId,
		async (db) => ({
			leadId,
			isFavorite: (await db.one<{ favorite: boolean }>(FAVORITE, [tenantId, leadId, isFavorite]))!.favorite,
		}),
		{ actor },
	);
