import { wakeWorkers, type Database } from '../../database';
import { FactoryError } from '../../errors';
import { textMessage } from '../../meta';
import { inTenant, type TenantConnection } from '../../tenancy';
import {
	BATCH_MAX,
	CAMPAIGN_MAX_CHARS,
	ERROR_SHARE_FROM,
	OPEN_RUNS_MAX,
	RUN_DEFAULTS,
	RUN_MAX_LEADS,
	TEMPLATES_MAX,
	WINDOW_MARGIN_SECONDS,
} from './defaults';
import { renderMessage, unknownVariables, VARIABLES } from './message';
import { isFilteredOut, type FilteredLead } from './persona-filter';

export interface NewRun {
	/** Nobody gets the messages of one campaign twice, in however many runs. */
	campaign: string;
	/** Left out: the tenant's only Instagram account. */
	channelAccountId?: string;
	/** Names of the tenant's templates; several take turns. */
	templates: readonly string[];
	/** Only leads with one of these tags. */
	tags?: readonly string[];
	source?: string;
	/** Judge leads by the active persona. */
	filterByPersona?: boolean;
	/** A known bio must name one of the persona's niches. */
	requireNiche?: boolean;
	hourlyCap?: number;
	dailyCap?: number;
	/** HH:MM by the tenant's clock; twice the same: no quiet hours. */
	quietFrom?: string;
	quietTo?: string;
	maxErrorShare?: number;
}

/** Where a run stands. total = sent + failed + skipped + pending. */
export interface RunReport {
	runId: number;
	campaign: string;
	status: 'running' | 'completed' | 'failed';
	total: number;
	sent: number;
	failed: number;
	skipped: number;
	pending: number;
	/** How many were skipped, by reason. */
	skippedBecause: Record<string, number>;
	/** What the run waits for, and until when. */
	heldBy: 'cap' | 'quiet_hours' | 'account_paused' | null;
	nextBatchAt: string | null;
	errorLog: string | null;
	startedAt: string;
	endedAt: string | null;
	account: string;
}

const TEMPLATES = `select distinct on (name) id, name, content from message_templates
	where tenant_id = $1::uuid and is_active and name = any ($2::text[]) order by name, language <> 'pt_BR', created_at`;
const ACCOUNTS = `select id from channel_accounts where tenant_id = $1::uuid and kind = 'instagram' and is_active and status <> 'disconnected' limit 2`;
const LEADS = `select id, username, full_name, bio, followers_count from agentic_instagram_leads
	where tenant_id = $1::uuid and ($2::text[] is null or tags && $2::text[]) and ($3::text is null or source = $3::text) order by id limit $4::integer`;
const PERSONA = `select id, min_followers as "minFollowers", max_followers as "maxFollowers", ideal_niches as "idealNiches", negative_keywords as "negativeKeywords"
	from tenant_personas where tenant_id = $1::uuid and is_active`;
const START = 'select start_instagram_run($1::uuid, $2::jsonb, $3::bigint[], $4::bigint[]) as id';
const PICK =
	'select dm_id, lead_id, username, full_name, conversation_id from pick_instagram_batch($1::uuid, $2::bigint, $3::integer, $4::jsonb)';
const QUEUE = 'select queue_instagram_dms($1::uuid, $2::bigint, $3::jsonb)';
const REPORT = `select r.id as "runId", r.campaign, r.status, r.total_leads as total, r.dms_sent as sent, r.dms_failed as failed, r.dms_skipped as skipped,
		r.dms_pending as pending, r.held_by as "heldBy", to_jsonb(r.next_batch_at) #>> '{}' as "nextBatchAt", r.error_log as "errorLog",
		to_jsonb(r.started_at) #>> '{}' as "startedAt", to_jsonb(r.ended_at) #>> '{}' as "endedAt", r.account_used as account,
		coalesce((select jsonb_object_agg(s.skip_reason, s.leads) from (select d.skip_reason, count(*) as leads from agentic_instagram_dm_sent d
			where d.tenant_id = $1::uuid and d.run_id = $2::bigint and d.status = 'skipped' group by d.skip_reason) s), '{}') as "skippedBecause"
	from agentic_instagram_dm_runs r where r.tenant_id = $1::uuid and r.id = $2::bigint`;
const REFRESH = 'select refresh_instagram_run($1::uuid, $2::bigint)';
const OPEN_RUNS = `select id from agentic_instagram_dm_runs where tenant_id = $1::uuid and status = 'running' order by id limit $2::integer`;
const RUN_TEMPLATES = `select t.id, t.name, t.content from agentic_instagram_dm_runs r join message_templates t on t.tenant_id = r.tenant_id and t.id = any (r.template_ids)
	where r.tenant_id = $1::uuid and r.id = $2::bigint order by t.name`;
const QUEUED_OF = `select count(*) as queued from agentic_instagram_dm_sent where tenant_id = $1::uuid and id = any ($2::bigint[]) and status = 'queued'`;

type TemplateRow = { id: string; name: string; content: string };

/** Begins a run over the leads that fit; nothing is written to anybody yet. */
export async function startRun(database: Database, tenantId: string, run: NewRun, actor?: string): Promise<RunReport> {
	const settings = checkedSettings(run);
	return await inTenant(
		database,
		tenantId,
		async (db) => {
			const templates = await runTemplates(db, tenantId, run.templates);
			const channelAccountId = run.channelAccountId ?? (await onlyAccount(db, tenantId));
			const leads = await db.all<FilteredLead & { id: number }>(LEADS, [
				tenantId,
				run.tags?.length ? run.tags : null,
				run.source ?? null,
				RUN_MAX_LEADS + 1,
			]);
			if (leads.length > RUN_MAX_LEADS) {
				throw refuse(
					'tags',
					`picks more than ${RUN_MAX_LEADS} leads, and a run takes no more. Narrow it by tags or source.`,
				);
			}
			const persona = run.filterByPersona === false ? undefined : await db.one<PersonaRow>(PERSONA, [tenantId]);
			const filtered = persona
				? leads.filter((lead) => isFilteredOut(lead, persona, { niches: run.requireNiche ?? false }))
				: [];
			const started = await db.one<{ id: number }>(START, [
				tenantId,
				JSON.stringify({
					...settings,
					channelAccountId,
					templateIds: templates.map(({ id }) => id),
					personaId: persona?.id ?? null,
				}),
				leads.map(({ id }) => id),
				filtered.map(({ id }) => id),
			]);
			return await report(db, tenantId, started!.id);
		},
		{ actor },
	);
}

type PersonaRow = { id: string } & Parameters<typeof isFilteredOut>[1];

/** Writes to the next leads of a run, as many as caps and clock allow now. One transaction: a batch that was cut off never was. */
export async function sendNextBatch(
	database: Database,
	tenantId: string,
	runId: number,
	options: { limit?: number; actor?: string } = {},
): Promise<RunReport & { queued: number }> {
	const done = await inTenant(
		database,
		tenantId,
		async (db) => {
			const picked = await db.all<{
				dm_id: number;
				lead_id: number;
				username: string;
				full_name: string | null;
				conversation_id: string;
			}>(PICK, [
				tenantId,
				runId,
				Math.min(options.limit ?? BATCH_MAX, BATCH_MAX),
				JSON.stringify({ windowMarginSeconds: WINDOW_MARGIN_SECONDS, errorShareFrom: ERROR_SHARE_FROM }),
			]);
			const templates = picked.length > 0 ? await db.all<TemplateRow>(RUN_TEMPLATES, [tenantId, runId]) : [];
			const dms = picked.map(({ dm_id: dmId, lead_id: leadId, conversation_id: conversationId, ...lead }) => {
				const template = templates[leadId % templates.length];
				const rendered = renderMessage(template.content, lead);
				const message = 'text' in rendered ? { text: rendered.text, payload: textMessage(rendered.text) } : rendered;
				return { dmId, conversationId, template: template.name, ...message };
			});
			if (dms.length > 0) await db.one(QUEUE, [tenantId, runId, JSON.stringify(dms)]);
			const { queued } = (await db.one<{ queued: number }>(QUEUED_OF, [tenantId, picked.map(({ dm_id: id }) => id)]))!;
			return { ...(await report(db, tenantId, runId)), queued };
		},
		{ actor: options.actor },
	);
	if (done.queued > 0) wakeWorkers(database, 'outbox');
	return done;
}

/** The next batch of every open run of a tenant, oldest run first. */
export async function sendOpenRuns(
	database: Database,
	tenantId: string,
	options: { limit?: number; actor?: string } = {},
): Promise<Array<RunReport & { queued: number }>> {
	const open = await inTenant(
		database,
		tenantId,
		async (db) => await db.all<{ id: number }>(OPEN_RUNS, [tenantId, OPEN_RUNS_MAX]),
	);
	const reports: Array<RunReport & { queued: number }> = [];
	for (const { id } of open) reports.push(await sendNextBatch(database, tenantId, id, options));
	return reports;
}

/** Where a run stands now, what became of its messages included. */
export const runStatus = async (database: Database, tenantId: string, runId: number): Promise<RunReport> =>
	await inTenant(database, tenantId, async (db) => await report(db, tenantId, runId));

/** Ends a run before its time: nobody else is written to. */
export const stopRun = async (
	database: Database,
	tenantId: string,
	runId: number,
	actor?: string,
): Promise<RunReport> =>
	await inTenant(
		database,
		tenantId,
		async (db) => {
			await db.one('select stop_instagram_run($1::uuid, $2::bigint, $3::text)', [
				tenantId,
				runId,
				'stopped by a person',
			]);
			return await report(db, tenantId, runId);
		},
		{ actor },
	);

async function report(db: TenantConnection, tenantId: string, runId: number): Promise<RunReport> {
	// Two statements: one would read the rows as they were before the other half of it changed them.
	await db.one(REFRESH, [tenantId, runId]);
	return (await db.one<RunReport & Record<string, unknown>>(REPORT, [tenantId, runId]))!;
}

async function onlyAccount(db: TenantConnection, tenantId: string): Promise<string> {
	const accounts = await db.all<{ id: string }>(ACCOUNTS, [tenantId]);
	if (accounts.length === 1) return accounts[0].id;
	throw accounts.length === 0
		? new FactoryError('NOT_FOUND', 'The tenant has no active Instagram account. Create its channel account first.')
		: refuse('channelAccount', 'is empty, and the tenant has several Instagram accounts. Pick one.');
}

async function runTemplates(db: TenantConnection, tenantId: string, names: readonly string[]): Promise<TemplateRow[]> {
	if (names.length === 0 || names.length > TEMPLATES_MAX)
		throw refuse('templates', `takes 1 to ${TEMPLATES_MAX} names of templates, got ${names.length}.`);
	const templates = await db.all<TemplateRow>(TEMPLATES, [tenantId, names]);
	const missing = names.filter((name) => !templates.some((template) => template.name === name));
	if (missing.length > 0)
		throw new FactoryError(
			'TEMPLATE_NOT_FOUND',
			`The tenant has no active template "${missing[0]}". Save it with Agent Factory > Template > Save.`,
			{ item: missing[0] },
		);
	for (const { name, content } of templates) {
		const [unknown] = unknownVariables(content);
		if (unknown !== undefined)
			throw refuse(
				'templates',
				`names "${name}", which has the variable "${unknown}". A lead has ${VARIABLES.join(', ')}.`,
			);
	}
	return templates;
}

const TIME = /^([01]\d|2[0-3]):[0-5]\d$/;

/** A run's settings with the defaults in place; what cannot be right is refused before anything is written. */
function checkedSettings(run: NewRun): Record<string, unknown> {
	const { quietFrom, quietTo, ...rest } = { ...RUN_DEFAULTS, ...withoutUndefined(run) } as NewRun & typeof RUN_DEFAULTS;
	const campaign = run.campaign.trim();
	if (campaign === '' || campaign.length > CAMPAIGN_MAX_CHARS)
		throw refuse('campaign', `must have 1 to ${CAMPAIGN_MAX_CHARS} characters. Correct it.`);
	for (const [field, most] of [
		['hourlyCap', 1_000],
		['dailyCap', 10_000],
	] as const) {
		if (!Number.isInteger(rest[field]) || rest[field] < 1 || rest[field] > most)
			throw refuse(field, `must be a whole number from 1 to ${most}. Correct it.`);
	}
	if (!(rest.maxErrorShare > 0 && rest.maxErrorShare <= 1))
		throw refuse('maxErrorShare', 'must be above 0 and at most 1, e.g. 0.2. Correct it.');
	for (const [field, time] of Object.entries({ quietFrom, quietTo })) {
		if (!TIME.test(time)) throw refuse(field, 'is no time such as 21:00. Correct it.');
	}
	return {
		campaign,
		hourlyCap: rest.hourlyCap,
		dailyCap: rest.dailyCap,
		maxErrorShare: rest.maxErrorShare,
		quietFrom,
		quietTo,
	};
}

const withoutUndefined = (run: NewRun): Partial<NewRun> =>
	Object.fromEntries(Object.entries(run).filter(([, value]) => value !== undefined));

const refuse = (field: string, why: string): FactoryError =>
	new FactoryError('VALUE_REFUSED', `Field "${field}" ${why}`, { item: field });
