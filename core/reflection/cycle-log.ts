import type { Database } from '../database';
import type { LlmUsage } from '../llm';
import { inTenant, type TenantConnection } from '../tenancy';
import { CYCLE_LEASE_MINUTES } from './defaults';
import type { Target, TargetVersion, Window } from './store';

/** What can_run_reflection says. */
export interface MayRun {
	can_run: boolean;
	reason: string;
	reasons: string[];
	auto_update_blocked: boolean;
	auto_update_reasons?: string[];
	hours_since_last_reflection?: number | null;
	next_at?: string | null;
	have?: number;
	needed?: number;
	spent_usd?: number;
	breaker?: string;
}

/** The model that judges. */
export interface Evaluator {
	provider: string;
	api: string;
	model: string;
}

/** The loop's settings, as get_self_improving_config says them. */
export interface LoopConfig {
	min_conversations_for_reflection: number;
	thresholds: { none: number; suggestion: number; auto_update: number };
	evaluator: Evaluator;
	sample_size: number;
	horizon_days: number | null;
	spend_ceiling_usd: number;
}

const versionOf = (target: Target): string | null => (target.target === 'prompt' ? target.agentVersionId : null);
const MAY_RUN = 'select can_run_reflection($1::uuid, $2::text, $3::uuid) as may';
const CONFIG = 'select get_self_improving_config($1::uuid, $2::uuid) as config';

const mayRun = async (db: TenantConnection, target: Target): Promise<MayRun> =>
	(await db.one<{ may: MayRun }>(MAY_RUN, [db.tenantId, target.target, versionOf(target)]))!.may;

/** Whether a target may be judged now, and every reason against it. */
export const canRunReflection = async (database: Database, tenantId: string, target: Target): Promise<MayRun> =>
	await inTenant(database, tenantId, async (db) => await mayRun(db, target));

export const readConfig = async (database: Database, tenantId: string, target: Target): Promise<LoopConfig> =>
	await inTenant(
		database,
		tenantId,
		async (db) => (await db.one<{ config: LoopConfig }>(CONFIG, [tenantId, versionOf(target)]))!.config,
	);

// Two tables, one machinery: the names come from here, never from a caller.
const TABLES = { persona: 'persona_reflection_logs', prompt: 'reflection_logs' } as const;
const LOCK = `select pg_try_advisory_xact_lock(hashtextextended('reflection|' || $1::text || '|' || $2::text || '|' || coalesce($3::text, ''), 0)) as mine`;
const bury = (
	table: string,
): string => `update ${table} set status = 'failed', completed_at = now(), error_message = 'LEASE_LOST'
	where tenant_id = $1::uuid and status = 'running' and created_at < now() - make_interval(mins => ${CYCLE_LEASE_MINUTES})`;
const BEGIN = {
	prompt: `insert into reflection_logs (tenant_id, period_start, period_end, cycle_key, evaluator_model, hours_since_last_reflection, previous_reflection_id,
			system_prompt_id, agent_id, agent_version_id)
		values ($1::uuid, $2::timestamptz, $3::timestamptz, $4::text, $5::text, $6::numeric,
			(select r.id from reflection_logs r where r.tenant_id = $1::uuid and r.agent_id = $8::uuid and r.status = 'completed' order by r.created_at desc limit 1),
			$7::uuid, $8::uuid, $9::uuid) returning id`,
	persona: `insert into persona_reflection_logs (tenant_id, period_start, period_end, cycle_key, evaluator_model, hours_since_last_reflection,
			previous_reflection_id, persona_id)
		values ($1::uuid, $2::timestamptz, $3::timestamptz, $4::text, $5::text, $6::numeric,
			(select r.id from persona_reflection_logs r where r.tenant_id = $1::uuid and r.status = 'completed' order by r.created_at desc limit 1),
			$7::uuid) returning id`,
} as const;

export interface NewCycle {
	target: Target;
	version: TargetVersion;
	window: Window;
	cycleKey: string;
	model: string;
}

/** Opens a cycle, or says why not. Two at once: one gets the lock, the other sees it running. */
export const beginCycle = async (
	database: Database,
	tenantId: string,
	{ target, version, window, cycleKey, model }: NewCycle,
): Promise<{ id: string } | { refused: MayRun }> =>
	await inTenant(database, tenantId, async (db) => {
		const lock = await db.one<{ mine: boolean }>(LOCK, [tenantId, target.target, version.agentId]);
		const may = await mayRun(db, target);
		if (!lock!.mine)
			return { refused: { ...may, can_run: false, reason: 'already_running', reasons: ['already_running'] } };
		if (!may.can_run) return { refused: may };
		await db.all(bury(TABLES[target.target]), [tenantId]);
		const values = [
			tenantId,
			window.start,
			window.end,
			cycleKey,
			model,
			may.hours_since_last_reflection ?? null,
			version.versionId,
		];
		const own = target.target === 'prompt' ? [version.agentId, version.agentVersionId] : [];
		return { id: (await db.one<{ id: string }>(BEGIN[target.target], [...values, ...own]))!.id };
	});

/** Everything that a finished cycle says, by the columns of its table. */
export type CycleRow = Record<string, unknown>;

const SHARED = `score_low = (r ->> 'score_low')::numeric, score_high = (r ->> 'score_high')::numeric, overall_score = (r ->> 'overall_score')::numeric,
	score_breakdown = r -> 'score_breakdown', metrics = r -> 'metrics', strengths = array(select jsonb_array_elements_text(r -> 'strengths')),
	weaknesses = array(select jsonb_array_elements_text(r -> 'weaknesses')), patterns_identified = array(select jsonb_array_elements_text(r -> 'patterns_identified')),
	action_taken = r ->> 'action_taken', action_reason = r ->> 'action_reason', votes = (r ->> 'votes')::integer, vote_spread = (r ->> 'vote_spread')::numeric,
	input_tokens = (r ->> 'input_tokens')::integer, output_tokens = (r ->> 'output_tokens')::integer, cost_usd = (r ->> 'cost_usd')::numeric`;
const OWN = {
	prompt: `conversations_analyzed = (r ->> 'conversations_analyzed')::integer, messages_analyzed = (r ->> 'messages_analyzed')::integer,
		score_completeness = (r ->> 'score_completeness')::numeric, score_depth = (r ->> 'score_depth')::numeric, score_tone = (r ->> 'score_tone')::numeric,
		score_scope = (r ->> 'score_scope')::numeric, score_missed_opportunities = (r ->> 'score_missed_opportunities')::numeric`,
	persona: `total_leads_classified = (r ->> 'total_leads_classified')::integer, hot_leads_count = (r ->> 'hot_leads_count')::integer,
		false_positives = (r ->> 'false_positives')::integer, false_negatives = (r ->> 'false_negatives')::integer, score_precision = (r ->> 'score_precision')::numeric,
		score_conversion_rate = (r ->> 'score_conversion_rate')::numeric, score_response_quality = (r ->> 'score_response_quality')::numeric`,
} as const;
const finish = (
	target: 'persona' | 'prompt',
): string => `update ${TABLES[target]} set status = 'completed', completed_at = now(),
		execution_time_ms = $4::integer, ${SHARED}, ${OWN[target]}
	from (select $3::jsonb as r) given where tenant_id = $1::uuid and id = $2::uuid and status = 'running' returning id`;
const SCORED = {
	prompt: `update system_prompts set performance_score = $3::numeric, total_evaluations = total_evaluations + 1 where tenant_id = $1::uuid and id = $2::uuid`,
	persona: `update tenant_personas set performance_score = $3::numeric, last_reflection_at = now() where tenant_id = $1::uuid and id = $2::uuid`,
} as const;

/** Writes what a cycle found. False: it was taken for dead meanwhile, and nothing was written. */
export const finishCycle = async (
	database: Database,
	tenantId: string,
	cycle: { id: string; target: 'persona' | 'prompt'; versionId: string; row: CycleRow; milliseconds: number },
): Promise<boolean> =>
	await inTenant(database, tenantId, async (db) => {
		const values = [tenantId, cycle.id, JSON.stringify(cycle.row), Math.round(cycle.milliseconds)];
		const written = await db.one(finish(cycle.target), values);
		if (!written) return false;
		await db.all(SCORED[cycle.target], [tenantId, cycle.versionId, cycle.row.overall_score ?? null]);
		return true;
	});

const fail = (
	target: 'persona' | 'prompt',
): string => `update ${TABLES[target]} set status = 'failed', completed_at = now(),
	error_message = $3::text, execution_time_ms = $4::integer where tenant_id = $1::uuid and id = $2::uuid and status = 'running'`;

/** The whole cycle ends; what was judged stays in the store. */
export const failCycle = async (
	database: Database,
	tenantId: string,
	cycle: { id: string; target: 'persona' | 'prompt'; reason: string; milliseconds: number },
): Promise<void> => {
	const values = [tenantId, cycle.id, cycle.reason, Math.round(cycle.milliseconds)];
	await inTenant(database, tenantId, async (db) => await db.all(fail(cycle.target), values));
};

const RECORD = `select record_llm_usage($1::uuid, null, null, $2::uuid, 'judge', $3::jsonb)`;

/** What judging cost, whatever came of it. */
export const recordJudging = async (
	database: Database,
	tenantId: string,
	agentVersionId: string | null,
	usage: readonly LlmUsage[],
): Promise<void> => {
	if (usage.length === 0) return;
	await inTenant(
		database,
		tenantId,
		async (db) => await db.all(RECORD, [tenantId, agentVersionId, JSON.stringify(usage)]),
	);
};

export interface StoredCycle {
	id: string;
	periodStart: Date;
	periodEnd: Date;
	cycleKey: string;
	model: string;
	createdAt: Date;
	status: string;
	agentVersionId: string | null;
	row: CycleRow;
}
const read = (
	target: 'persona' | 'prompt',
): string => `select id, period_start as "periodStart", period_end as "periodEnd", cycle_key as "cycleKey",
		evaluator_model as model, created_at as "createdAt", status, to_jsonb(l) ->> 'agent_version_id' as "agentVersionId", to_jsonb(l) as row
	from ${TABLES[target]} l where tenant_id = $1::uuid and id = $2::uuid`;

export const readCycle = async (
	database: Database,
	tenantId: string,
	target: 'persona' | 'prompt',
	id: string,
): Promise<StoredCycle | null> =>
	await inTenant(
		database,
		tenantId,
		async (db) => (await db.one<StoredCycle & Record<string, unknown>>(read(target), [tenantId, id])) ?? null,
	);

const lastModel = (target: 'persona' | 'prompt'): string => `select evaluator_model as model from ${TABLES[target]} l
	where tenant_id = $1::uuid and status = 'completed' and created_at < $2::timestamptz and ($3::uuid is null or to_jsonb(l) ->> 'agent_id' = $3::text)
	order by created_at desc limit 1`;

/** Who judged before; another model has to earn its trust again. */
export const previousModel = async (
	database: Database,
	tenantId: string,
	target: 'persona' | 'prompt',
	agentId: string | null,
	before: Date,
): Promise<string | null> =>
	await inTenant(
		database,
		tenantId,
		async (db) =>
			(await db.one<{ model: string | null }>(lastModel(target), [tenantId, before, agentId]))?.model ?? null,
	);
