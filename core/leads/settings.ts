import { z } from 'zod/v4';
import type { Database } from '../database';
import { FactoryError } from '../errors';
import { inTenant } from '../tenancy';
import type { AnalysisLanguage } from './model';
import type { LeadClass, LeadThresholds } from './types';

/** How a tenant's leads are classified, as lead_settings_of gives it. */
export interface LeadSettings extends LeadThresholds {
	scoreHalfLifeDays: number;
	answeredClasses: LeadClass[];
	modelEnabled: boolean;
	modelProvider: string;
	modelApi: string;
	model: string;
	analysisLanguage: AnalysisLanguage;
	explorationShare: number;
	hotCapacityPerDay: number;
	learnedScorerEnabled: boolean;
}

const score = z.int().min(0).max(100);
/** The bounds of lead_settings' columns; the database holds them too. */
const change = z
	.strictObject({
		hot: score.min(1),
		warm: score.min(1),
		cold: score,
		unsureBelow: z.number().min(0).max(1),
		hysteresis: z.int().min(0).max(30),
		scoreHalfLifeDays: z.int().min(1).max(365),
		answeredClasses: z.array(z.enum(['LEAD_HOT', 'LEAD_WARM', 'LEAD_COLD', 'DESQUALIFICADO'])),
		modelEnabled: z.boolean(),
		modelProvider: z.enum(['anthropic', 'openai']),
		modelApi: z.enum(['messages', 'responses', 'chat_completions']),
		model: z.string().trim().min(1).max(200),
		analysisLanguage: z.enum(['pt-BR', 'en']),
		explorationShare: z.number().min(0).max(0.08),
		hotCapacityPerDay: z.int().min(0).max(10_000),
		learnedScorerEnabled: z.boolean(),
	})
	.partial();

const READ = `select lead_settings_of($1::uuid) as settings`;
const SAVE = `insert into lead_settings (tenant_id, hot_threshold, warm_threshold, cold_threshold, unsure_below, hysteresis, score_half_life_days, answered_classes,
		model_enabled, model_provider, model_api, model, analysis_language, exploration_share, hot_capacity_per_day, learned_scorer_enabled)
	select $1::uuid, s.hot, s.warm, s.cold, s."unsureBelow", s.hysteresis, s."scoreHalfLifeDays", s."answeredClasses",
		s."modelEnabled", s."modelProvider", s."modelApi", s.model, s."analysisLanguage", s."explorationShare", s."hotCapacityPerDay", s."learnedScorerEnabled"
	from jsonb_to_record(lead_settings_of($1::uuid) || $2::jsonb) s(hot integer, warm integer, cold integer, "unsureBelow" numeric, hysteresis integer,
		"scoreHalfLifeDays" integer, "answeredClasses" text[], "modelEnabled" boolean, "modelProvider" text, "modelApi" text, model text, "analysisLanguage" text,
		"explorationShare" numeric, "hotCapacityPerDay" integer, "learnedScorerEnabled" boolean)
	on conflict (tenant_id) do update set hot_threshold = excluded.hot_threshold, warm_threshold = excluded.warm_threshold,
		cold_threshold = excluded.cold_threshold, unsure_below = excluded.unsure_below, hysteresis = excluded.hysteresis,
		score_half_life_days = excluded.score_half_life_days, answered_classes = excluded.answered_classes, model_enabled = excluded.model_enabled,
		model_provider = excluded.model_provider, model_api = excluded.model_api, model = excluded.model, analysis_language = excluded.analysis_language,
		exploration_share = excluded.exploration_share, hot_capacity_per_day = excluded.hot_capacity_per_day,
		learned_scorer_enabled = excluded.learned_scorer_enabled`;

const unknownTenant = (tenantId: string): FactoryError =>
	new FactoryError('NOT_FOUND', `There is no tenant ${tenantId}. Pick one from the list.`, { item: tenantId });

/** The defaults where the tenant has set nothing. */
export async function readLeadSettings(database: Database, tenantId: string): Promise<LeadSettings> {
	const row = await inTenant(
		database,
		tenantId,
		async (db) => await db.one<{ settings: LeadSettings | null }>(READ, [tenantId]),
	);
	if (!row?.settings) throw unknownTenant(tenantId);
	return row.settings;
}

/** Changes what is given and leaves the rest as it is. */
export async function updateLeadSettings(
	database: Database,
	tenantId: string,
	given: Partial<LeadSettings>,
	actor?: string,
): Promise<LeadSettings> {
	const parsed = change.safeParse(given);
	if (!parsed.success) {
		const { path, message } = parsed.error.issues[0];
		const field = path.join('.') || 'settings';
		throw new FactoryError('VALUE_REFUSED', `Setting "${field}": ${message}. Correct it.`, { item: field });
	}
	return await inTenant(
		database,
		tenantId,
		async (db) => {
			const before = (await db.one<{ settings: LeadSettings | null }>(READ, [tenantId]))?.settings;
			if (!before) throw unknownTenant(tenantId);
			const { cold, warm, hot } = { ...before, ...parsed.data };
			if (!(cold < warm && warm < hot)) {
				throw new FactoryError(
					'VALUE_REFUSED',
					`The limits must rise: cold ${cold}, warm ${warm}, hot ${hot} do not. Correct them together.`,
					{ item: 'hot' },
				);
			}
			await db.one(SAVE, [tenantId, JSON.stringify(parsed.data)]);
			await db.one(`select record_audit($1::uuid, 'leads.settings_changed', 'tenant', $1::text, $2::jsonb)`, [
				tenantId,
				JSON.stringify(parsed.data),
			]);
			return (await db.one<{ settings: LeadSettings }>(READ, [tenantId]))!.settings;
		},
		{ actor },
	);
}
