import { z } from 'zod/v4';
import type { Database } from '../database';
import { FactoryError } from '../errors';
import { inTenant } from '../tenancy';

/** How the loop works for a tenant's persona and agents, or for one agent version: `get_self_improving_config`. */
export interface LoopSettings {
	reflectionEnabled: boolean;
	/** Hours between two reflections of one target, 6 at least. */
	reflectionIntervalHours: number;
	minConversationsForReflection: number;
	thresholds: { none: number; suggestion: number; autoUpdate: number };
	autoApply: { enabled: boolean; minConfidence: number; maxScoreDrop: number };
	requireApprovalBelowConfidence: number;
	maxUpdatesPerDay: number;
	cooldownAfterUpdateHours: number;
	notify: {
		suggestion: boolean;
		autoUpdate: boolean;
		escalation: boolean;
		emails: string[];
		/** Where the loop's notices go too; an endpoint of its own stands behind it. */
		webhookUrl: string | null;
	};
	evaluator: { provider: string; api: string; model: string };
	sampleSize: number;
	/** Days after which a lead without an outcome counts as lost; null: from the tenant's own delays. */
	horizonDays: number | null;
	/** US dollars a calendar month for judging and proposing. */
	spendCeilingUsd: number;
}

const score = z.number().min(0).max(5);
const share = z.number().min(0).max(1);
/** The bounds of self_improving_settings' columns; the database holds them too. */
const change = z
	.strictObject({
		reflectionEnabled: z.boolean(),
		reflectionIntervalHours: z.int().min(6).max(8_760),
		minConversationsForReflection: z.int().min(10).max(1_000),
		thresholdNone: score,
		thresholdSuggestion: score,
		thresholdAutoUpdate: score,
		maxUpdatesPerDay: z.int().min(0).max(3),
		cooldownAfterUpdateHours: z.int().min(6).max(8_760),
		requireApprovalBelowConfidence: share,
		autoApplyEnabled: z.boolean(),
		autoApplyMinConfidence: share,
		autoApplyMaxScoreDrop: score,
		notifyOnSuggestion: z.boolean(),
		notifyOnAutoUpdate: z.boolean(),
		notifyOnEscalation: z.boolean(),
		notificationEmails: z.array(z.email()).max(10),
		notificationWebhookUrl: z.url().max(2_000).nullable(),
		evaluatorProvider: z.enum(['anthropic', 'openai']),
		evaluatorApi: z.enum(['messages', 'responses', 'chat_completions']),
		evaluatorModel: z.string().trim().min(1).max(100),
		sampleSize: z.int().min(40).max(200),
		horizonDays: z.int().min(7).max(30).nullable(),
		spendCeilingUsd: z.number().min(0).max(100_000),
	})
	.partial();
export type LoopSettingsChange = z.input<typeof change>;

interface ConfigRow {
	reflection_enabled: boolean;
	reflection_interval_hours: number;
	min_conversations_for_reflection: number;
	thresholds: { none: number; suggestion: number; auto_update: number };
	auto_apply: { enabled: boolean; min_confidence: number; max_score_drop: number };
	require_approval_below_confidence: number;
	max_updates_per_day: number;
	cooldown_after_update_hours: number;
	notify: {
		suggestion: boolean;
		auto_update: boolean;
		escalation: boolean;
		emails: string[];
		webhook_url: string | null;
	};
	evaluator: { provider: string; api: string; model: string };
	sample_size: number;
	horizon_days: number | null;
	spend_ceiling_usd: number;
}

const READ = 'select get_self_improving_config($1::uuid, $2::uuid) as config';
const SAVE = 'select save_self_improving_settings($1::uuid, $2::uuid, $3::jsonb)';

const settingsOf = (row: ConfigRow): LoopSettings => ({
	reflectionEnabled: row.reflection_enabled,
	reflectionIntervalHours: row.reflection_interval_hours,
	minConversationsForReflection: row.min_conversations_for_reflection,
	thresholds: {
		none: row.thresholds.none,
		suggestion: row.thresholds.suggestion,
		autoUpdate: row.thresholds.auto_update,
	},
	autoApply: {
		enabled: row.auto_apply.enabled,
		minConfidence: row.auto_apply.min_confidence,
		maxScoreDrop: row.auto_apply.max_score_drop,
	},
	requireApprovalBelowConfidence: row.require_approval_below_confidence,
	maxUpdatesPerDay: row.max_updates_per_day,
	cooldownAfterUpdateHours: row.cooldown_after_update_hours,
	notify: {
		suggestion: row.notify.suggestion,
		autoUpdate: row.notify.auto_update,
		escalation: row.notify.escalation,
		emails: row.notify.emails,
		webhookUrl: row.notify.webhook_url,
	},
	evaluator: row.evaluator,
	sampleSize: row.sample_size,
	horizonDays: row.horizon_days,
	spendCeilingUsd: row.spend_ceiling_usd,
});

/** The settings that hold for an agent version, or for the tenant and its persona. */
export const readLoopSettings = async (
	database: Database,
	tenantId: string,
	agentVersionId: string | null = null,
): Promise<LoopSettings> =>
	await inTenant(database, tenantId, async (db) =>
		settingsOf((await db.one<{ config: ConfigRow }>(READ, [tenantId, agentVersionId]))!.config),
	);

/** Changes what is given and leaves the rest as it holds. Only a person turns automatic changes on: `actor` is written down. */
export async function updateLoopSettings(
	database: Database,
	tenantId: string,
	given: LoopSettingsChange,
	{ agentVersionId = null, actor }: { agentVersionId?: string | null; actor?: string } = {},
): Promise<LoopSettings> {
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
			const read = async (): Promise<LoopSettings> =>
				settingsOf((await db.one<{ config: ConfigRow }>(READ, [tenantId, agentVersionId]))!.config);
			const { thresholds } = await read();
			const none = parsed.data.thresholdNone ?? thresholds.none;
			const suggestion = parsed.data.thresholdSuggestion ?? thresholds.suggestion;
			const autoUpdate = parsed.data.thresholdAutoUpdate ?? thresholds.autoUpdate;
			if (!(autoUpdate < suggestion && suggestion < none))
				throw new FactoryError(
					'VALUE_REFUSED',
					`The bands must rise: automatic from ${autoUpdate}, suggestion from ${suggestion}, none from ${none} do not. Correct them together.`,
					{ item: 'thresholdNone' },
				);
			await db.one(SAVE, [tenantId, agentVersionId, JSON.stringify(parsed.data)]);
			return await read();
		},
		{ actor },
	);
}
