import { toDatabaseError, wakeWorkers, type Database } from '../../database';
import { isFactoryError } from '../../errors';
import { inTenant } from '../../tenancy';
import { sendTemplate } from '../template-message';
import {
	CAMPAIGN_BATCH,
	CAMPAIGN_LEADS_MAX,
	DAILY_CAP,
	HOURLY_CAP,
	LIST_LIMIT,
	QUIET_FROM,
	QUIET_TO,
	TENANTS_MAX,
} from './defaults';
import { followUpTenant, type FollowUp } from './follow-ups';

/** Who is written to: a lead that fits every list that is given. */
export interface Audience {
	classifications?: string[];
	stages?: string[];
	sources?: string[];
	/** Ids of the ad campaigns that brought the lead. */
	adCampaigns?: string[];
	/** Tags of the list of known contacts; one of them is enough. */
	tags?: string[];
	minScore?: number;
	maxScore?: number;
	/** Days in which the person wrote nothing, or wrote something. */
	silentDays?: number;
	activeDays?: number;
}

export interface NewCampaign {
	/** Told apart by it: the same name again returns the campaign that is there. */
	name: string;
	templateId: string;
	channelAccountId: string;
	audience?: Audience;
	hourlyCap?: number;
	dailyCap?: number;
	quietFrom?: string;
	quietTo?: string;
}

export interface Campaign {
	id: string;
	name: string;
	status: string;
	held_by: string | null;
	total: number;
	pending: number;
	queued: number;
	sent: number;
	failed: number;
	blocked: number;
	skipped: number;
	[column: string]: unknown;
}

const COLUMNS =
	'id, name, status, held_by, total, pending, queued, sent, failed, blocked, skipped, audience, started_at, ended_at';
const START = `select ${COLUMNS} from start_campaign($1::uuid, $2::jsonb)`;
const PREVIEW = `select reason, count(*)::int as leads from campaign_audience($1::uuid, $2::jsonb, $3::integer) group by reason order by leads desc, reason`;
const MOVE = `select ${COLUMNS} from move_campaign($1::uuid, $2::uuid, $3::text)`;
const LIST = `select ${COLUMNS} from campaigns where tenant_id = $1::uuid order by started_at desc limit $2::integer`;
const REFRESH = `select ${COLUMNS} from refresh_campaign($1::uuid, $2::uuid)`;
const WHY = `select status, reason, count(*)::int as leads from campaign_messages where tenant_id = $1::uuid and campaign_id = $2::uuid and reason is not null
	group by status, reason order by leads desc, reason limit $3::integer`;
const RUNNING = `select id from campaigns where tenant_id = $1::uuid and status = 'running' order by started_at limit $2::integer`;
const PICK = `select lead_id, conversation_id, contact_name, company, template_id from pick_campaign_batch($1::uuid, $2::uuid, $3::integer)`;
const NOTE = `select note_campaign_message($1::uuid, $2::uuid, $3::uuid, $4::uuid, $5::text)`;

export interface CampaignPreview {
	/** Leads that fit the filters, and of those how many may be written to now. */
	fit: number;
	reachable: number;
	/** Why the others would be left out. */
	leftOut: Array<{ reason: string; leads: number }>;
}

/** Counts whom a campaign would reach, and starts nothing. */
export async function previewCampaign(
	database: Database,
	tenantId: string,
	audience: Audience,
): Promise<CampaignPreview> {
	const rows = await inTenant(
		database,
		tenantId,
		async (db) =>
			await db.all<{ reason: string | null; leads: number }>(PREVIEW, [
				tenantId,
				JSON.stringify(audience),
				CAMPAIGN_LEADS_MAX,
			]),
	);
	return {
		fit: rows.reduce((sum, { leads }) => sum + leads, 0),
		reachable: rows.find(({ reason }) => reason === null)?.leads ?? 0,
		leftOut: rows.flatMap(({ reason, leads }) => (reason === null ? [] : [{ reason, leads }])),
	};
}

export const startCampaign = async (
	database: Database,
	tenantId: string,
	campaign: NewCampaign,
	actor?: string,
): Promise<Campaign> =>
	await inTenant(
		database,
		tenantId,
		async (db) => {
			const settings = { hourlyCap: HOURLY_CAP, dailyCap: DAILY_CAP, quietFrom: QUIET_FROM, quietTo: QUIET_TO };
			const given = Object.fromEntries(Object.entries(campaign).filter(([, value]) => value !== undefined));
			const row = await db.one<Campaign>(START, [
				tenantId,
				JSON.stringify({ ...settings, ...given, maxLeads: CAMPAIGN_LEADS_MAX }),
			]);
			return row!;
		},
		{ actor },
	);

/** Pauses, goes on with or stops a campaign. */
export const moveCampaign = async (
	database: Database,
	tenantId: string,
	campaignId: string,
	to: 'paused' | 'running' | 'stopped',
	actor?: string,
): Promise<Campaign> =>
	await inTenant(database, tenantId, async (db) => (await db.one<Campaign>(MOVE, [tenantId, campaignId, to]))!, {
		actor,
	});

export const listCampaigns = async (database: Database, tenantId: string, limit = LIST_LIMIT): Promise<Campaign[]> =>
	await inTenant(database, tenantId, async (db) => await db.all<Campaign>(LIST, [tenantId, limit]));

/** How a campaign stands now, and why leads were left out or refused. */
export const getCampaign = async (
	database: Database,
	tenantId: string,
	campaignId: string,
): Promise<Campaign & { reasons: Array<Record<string, unknown>> }> =>
	await inTenant(database, tenantId, async (db) => {
		const campaign = (await db.one<Campaign>(REFRESH, [tenantId, campaignId]))!;
		return { ...campaign, reasons: await db.all(WHY, [tenantId, campaignId, LIST_LIMIT]) };
	});

/** What one call did for one tenant. */
export interface CampaignRun {
	tenantId: string;
	followUps: FollowUp[];
	campaigns: Array<{ campaignId: string; queued: number; refused: number }>;
}

/** Follow-ups that are due and the next batch of each running campaign, of all tenants. */
export async function runDueCampaigns(database: Database): Promise<CampaignRun[]> {
	const runs: CampaignRun[] = [];
	for (const tenantId of await tenantsToWrite(database)) {
		const followUps = await followUpTenant(database, tenantId);
		const running = await inTenant(
			database,
			tenantId,
			async (db) => await db.all<{ id: string }>(RUNNING, [tenantId, LIST_LIMIT]),
		);
		const campaigns: CampaignRun['campaigns'] = [];
		for (const { id } of running) campaigns.push(await runCampaign(database, tenantId, id));
		if (followUps.length + campaigns.length > 0) runs.push({ tenantId, followUps, campaigns });
	}
	return runs;
}

async function tenantsToWrite(database: Database): Promise<string[]> {
	try {
		const { rows } = await database.pool.query<{ tenant_id: string }>(
			`select tenant_id from ${database.qualified}tenants_to_write($1::integer)`,
			[TENANTS_MAX],
		);
		return rows.map(({ tenant_id }) => tenant_id);
	} catch (error) {
		throw toDatabaseError(error);
	}
}

interface PickedLead {
	lead_id: string;
	conversation_id: string;
	contact_name: string | null;
	company: string;
	template_id: string;
	[column: string]: unknown;
}

/** Queues the next batch of a campaign. The key is campaign and lead: a batch that died in the middle is gone on with. */
export async function runCampaign(
	database: Database,
	tenantId: string,
	campaignId: string,
): Promise<{ campaignId: string; queued: number; refused: number }> {
	const picked = await inTenant(
		database,
		tenantId,
		async (db) => await db.all<PickedLead>(PICK, [tenantId, campaignId, CAMPAIGN_BATCH]),
	);
	let refused = 0;
	for (const lead of picked) {
		let outboxId: string | null = null;
		let refusal: string | null = null;
		try {
			outboxId = await sendTemplate(database, tenantId, {
				conversationId: lead.conversation_id,
				key: `campaign:${campaignId}:${lead.lead_id}`,
				templateId: lead.template_id,
				facts: { leadName: lead.contact_name, company: lead.company },
			});
		} catch (error) {
			if (!isFactoryError(error) || error.retryable) throw error;
			refusal = error.code;
			refused++;
		}
		const noted = [tenantId, campaignId, lead.lead_id, outboxId, refusal];
		await inTenant(database, tenantId, async (db) => void (await db.one(NOTE, noted)));
	}
	if (picked.length > refused) wakeWorkers(database, 'outbox');
	return { campaignId, queued: picked.length - refused, refused };
}
