import type { Database } from '../../database';
import { FactoryError } from '../../errors';
import { inTenant } from '../../tenancy';
import { IMPORT_MAX_ROWS, LIST_MAX } from './defaults';
import { readLeadRow, type InstagramLead } from './lead-row';

/** What became of one row. `line`: as a spreadsheet counts, the heading being line 1. */
export interface ImportedRow {
	line: number;
	username: string | null;
	outcome: 'created' | 'updated' | 'refused';
	leadId: number | null;
	/** Why it was refused; empty otherwise. */
	reasons: string[];
}

const UPSERT = `insert into agentic_instagram_leads as l (tenant_id, username, full_name, bio, followers_count, following_count, is_private, is_verified, profile_url, source, tags)
	select $1::uuid, r.username, r."fullName", r.bio, r."followersCount", r."followingCount", r."isPrivate", r."isVerified", r."profileUrl", coalesce(r.source, $3::text, 'manual'), r.tags
	from jsonb_to_recordset($2::jsonb) as r(username text, "fullName" text, bio text, "followersCount" integer, "followingCount" integer, "isPrivate" boolean,
		"isVerified" boolean, "profileUrl" text, source text, tags text[])
	order by r.username
	on conflict (tenant_id, username) do update set full_name = coalesce(excluded.full_name, l.full_name), bio = coalesce(excluded.bio, l.bio),
		followers_count = coalesce(excluded.followers_count, l.followers_count), following_count = coalesce(excluded.following_count, l.following_count),
		is_private = coalesce(excluded.is_private, l.is_private), is_verified = coalesce(excluded.is_verified, l.is_verified),
		profile_url = coalesce(excluded.profile_url, l.profile_url), tags = array(select distinct t from unnest(l.tags || excluded.tags) t order by t)
	returning l.id, l.username, l.xmax = 0 as created`;

/** Stores the good rows and says of each bad one what is wrong with it. A cell that is empty changes nothing; `tags` go on every lead. */
export async function importLeads(
	database: Database,
	tenantId: string,
	rows: ReadonlyArray<Readonly<Record<string, unknown>>>,
	options: { source?: string; tags?: readonly string[]; actor?: string } = {},
): Promise<ImportedRow[]> {
	if (rows.length > IMPORT_MAX_ROWS) {
		throw new FactoryError(
			'VALUE_REFUSED',
			`An import takes ${IMPORT_MAX_ROWS} rows, got ${rows.length}: split the file.`,
			{ item: 'rows' },
		);
	}
	const firstLine = new Map<string, number>();
	const good: InstagramLead[] = [];
	const imported = rows.map((row, index): ImportedRow => {
		const line = index + 2;
		const refuse = (username: string | null, reasons: string[]): ImportedRow => ({
			line,
			username,
			outcome: 'refused',
			leadId: null,
			reasons,
		});
		const read = readLeadRow(row);
		if (!('lead' in read)) return refuse(read.username, read.reasons);
		const { username } = read.lead;
		const earlier = firstLine.get(username);
		if (earlier !== undefined) return refuse(username, [`username stands in line ${earlier} already`]);
		firstLine.set(username, line);
		good.push({ ...read.lead, tags: [...new Set([...read.lead.tags, ...(options.tags ?? [])])] });
		return { line, username, outcome: 'created', leadId: null, reasons: [] };
	});
	if (good.length === 0) return imported;
	const stored = await inTenant(
		database,
		tenantId,
		async (db) =>
			await db.all<{ id: number; username: string; created: boolean }>(UPSERT, [
				tenantId,
				JSON.stringify(good),
				options.source ?? null,
			]),
		{ actor: options.actor },
	);
	const byUsername = new Map(stored.map((row) => [row.username, row]));
	return imported.map((row) => {
		const found = row.outcome === 'refused' ? undefined : byUsername.get(row.username ?? '');
		return found ? { ...row, leadId: found.id, outcome: found.created ? 'created' : 'updated' } : row;
	});
}

const LIST = `select l.id, l.username, l.full_name, l.bio, l.followers_count, l.following_count, l.is_private, l.is_verified, l.profile_url, l.source, l.tags, l.created_at,
		d.campaign as last_campaign, d.status as last_status, d.skip_reason as last_skip_reason, d.sent_at as last_sent_at
	from agentic_instagram_leads l
	left join lateral (select * from agentic_instagram_dm_sent d where d.tenant_id = l.tenant_id and d.lead_id = l.id order by d.id desc limit 1) d on true
	where l.tenant_id = $1::uuid and ($2::text is null or position(lower($2::text) in l.username) > 0 or position(lower($2::text) in lower(l.full_name)) > 0)
		and ($3::text[] is null or l.tags && $3::text[]) and ($4::text is null or l.source = $4::text)
	order by l.id desc limit $5::integer`;

/** The newest leads, each with what the last run did with it. */
export const listInstagramLeads = async (
	database: Database,
	tenantId: string,
	options: { search?: string; tags?: string[]; source?: string; limit?: number } = {},
): Promise<Array<Record<string, unknown>>> =>
	await inTenant(
		database,
		tenantId,
		async (db) =>
			await db.all(LIST, [
				tenantId,
				options.search ?? null,
				options.tags?.length ? options.tags : null,
				options.source ?? null,
				Math.min(options.limit ?? LIST_MAX, LIST_MAX),
			]),
	);
