import { readView, VIEW_NAMES, type ViewName } from '../../../../core/reports';
import { limitField, limitOf, showFor, tenantField, tenantId, type Operation } from '../../../shared';
import { toItems } from '../../../shared/rows';

const LABELS: Record<ViewName, string> = {
	ai_conversations: 'AI Conversations',
	communications: 'Communications',
	contact_consents: 'Consents',
	v_speed_to_lead: 'Speed to Lead',
	v_speed_to_lead_daily: 'Speed to Lead by Day',
	vw_channel_health: 'Channel Health',
	vw_cost_per_result: 'Cost per Conversation and Client',
	vw_daily_classes: 'Classes by Day',
	vw_daily_cost: 'Cost by Day',
	vw_daily_funnel: 'Funnel by Day',
	vw_daily_handoffs: 'Hand-Overs by Day',
	vw_daily_messages: 'Messages by Day',
	vw_daily_sends: 'Sends by Day',
	vw_daily_steps: 'Steps by Day',
	vw_daily_versions: 'Versions by Day',
	vw_daily_waits: 'Waiting Times by Day',
	vw_ingest_health: 'What Is Stuck',
	vw_kpis: 'KPIs',
	vw_lead_classification_stats: 'Lead Classification Stats',
	vw_limits_used: 'Limits Used',
	vw_outbox_health: 'Outbox Health',
	vw_reflections: 'Reflections',
	vw_rollouts: 'Roll-Outs',
	vw_score_evolution: 'Score Evolution',
	vw_suggestions: 'Suggestions',
	vw_tenant_performance: 'Tenant Performance',
	vw_version_changes: 'Version Changes',
	vw_version_performance: 'Version Performance',
	webhook_delivery_logs: 'Webhook Delivery Logs',
	webhook_subscriptions: 'Webhook Subscriptions',
	whatsapp_configs: 'WhatsApp Configs',
};

export const description: Operation['description'] = showFor({ resource: ['analytics'], operation: ['getView'] }, [
	tenantField(),
	{
		displayName: 'View',
		name: 'view',
		type: 'options',
		options: VIEW_NAMES.map((value) => ({ name: LABELS[value], value })).sort((a, b) =>
			a.name.localeCompare(b.name, 'en'),
		),
		default: 'vw_tenant_performance',
		description: 'Which view of the database to read; docs/data-model.md says what each holds',
	},
	limitField(),
]);

export const execute: Operation['execute'] = async (call) => {
	const tenant = await tenantId(call.context, call.database, call.itemIndex);
	const view = call.context.getNodeParameter('view', call.itemIndex) as ViewName;
	return toItems(await readView(call.database, tenant, view, limitOf(call)));
};
