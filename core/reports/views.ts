import type { Database } from '../database';
import { inTenant } from '../tenancy';
import { VIEW_ROWS } from './defaults';

/** The views that anybody may read of a tenant: one text a view, so that nothing is put together from names. */
const VIEWS = {
	ai_conversations: `select * from ai_conversations where tenant_id = $1::uuid order by updated_at desc limit $2::integer`,
	communications: `select * from communications where tenant_id = $1::uuid order by id desc limit $2::integer`,
	contact_consents: `select * from contact_consents where tenant_id = $1::uuid order by happened_at desc limit $2::integer`,
	v_speed_to_lead: `select * from v_speed_to_lead where tenant_id = $1::uuid limit $2::integer`,
	v_speed_to_lead_daily: `select * from v_speed_to_lead_daily where tenant_id = $1::uuid limit $2::integer`,
	vw_channel_health: `select * from vw_channel_health where tenant_id = $1::uuid limit $2::integer`,
	vw_cost_per_result: `select * from vw_cost_per_result where tenant_id = $1::uuid limit $2::integer`,
	vw_daily_classes: `select * from vw_daily_classes where tenant_id = $1::uuid order by day desc, classification limit $2::integer`,
	vw_daily_cost: `select * from vw_daily_cost where tenant_id = $1::uuid order by day desc, kind, part limit $2::integer`,
	vw_daily_funnel: `select * from vw_daily_funnel where tenant_id = $1::uuid order by day desc limit $2::integer`,
	vw_daily_handoffs: `select * from vw_daily_handoffs where tenant_id = $1::uuid order by day desc limit $2::integer`,
	vw_daily_messages: `select * from vw_daily_messages where tenant_id = $1::uuid order by day desc limit $2::integer`,
	vw_daily_sends: `select * from vw_daily_sends where tenant_id = $1::uuid order by day desc, status limit $2::integer`,
	vw_daily_steps: `select * from vw_daily_steps where tenant_id = $1::uuid order by day desc, event_type limit $2::integer`,
	vw_daily_versions: `select * from vw_daily_versions where tenant_id = $1::uuid order by day desc, target, version limit $2::integer`,
	vw_daily_waits: `select * from vw_daily_waits where tenant_id = $1::uuid order by day desc, figure limit $2::integer`,
	vw_ingest_health: `select * from vw_ingest_health where tenant_id = $1::uuid limit $2::integer`,
	vw_kpis: `select * from vw_kpis where tenant_id = $1::uuid limit $2::integer`,
	vw_lead_classification_stats: `select * from vw_lead_classification_stats where tenant_id = $1::uuid limit $2::integer`,
	vw_limits_used: `select * from vw_limits_used where tenant_id = $1::uuid limit $2::integer`,
	vw_outbox_health: `select * from vw_outbox_health where tenant_id = $1::uuid limit $2::integer`,
	vw_reflections: `select * from vw_reflections where tenant_id = $1::uuid order by at desc limit $2::integer`,
	vw_rollouts: `select * from vw_rollouts where tenant_id = $1::uuid order by started_at desc limit $2::integer`,
	vw_score_evolution: `select * from vw_score_evolution where tenant_id = $1::uuid limit $2::integer`,
	vw_suggestions: `select * from vw_suggestions where tenant_id = $1::uuid order by created_at desc limit $2::integer`,
	vw_tenant_performance: `select * from vw_tenant_performance where tenant_id = $1::uuid limit $2::integer`,
	vw_version_changes: `select * from vw_version_changes where tenant_id = $1::uuid order by at desc limit $2::integer`,
	vw_version_performance: `select * from vw_version_performance where tenant_id = $1::uuid order by target, version desc limit $2::integer`,
	webhook_delivery_logs: `select * from webhook_delivery_logs where tenant_id = $1::uuid limit $2::integer`,
	webhook_subscriptions: `select * from webhook_subscriptions where tenant_id = $1::uuid limit $2::integer`,
	whatsapp_configs: `select * from whatsapp_configs where tenant_id = $1::uuid limit $2::integer`,
} as const;

export type ViewName = keyof typeof VIEWS;
export const VIEW_NAMES = Object.keys(VIEWS) as ViewName[];

/** Rows of a view of one tenant, at most `limit`. */
export const readView = async (
	database: Database,
	tenantId: string,
	view: ViewName,
	limit = VIEW_ROWS,
): Promise<Array<Record<string, unknown>>> =>
	await inTenant(database, tenantId, async (db) => await db.all(VIEWS[view], [tenantId, Math.min(limit, VIEW_ROWS)]));
