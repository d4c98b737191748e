import type { Database } from '../../../core/database';
import { inTenant } from '../../../core/tenancy';

/** Limits and prices of the tenant's own, something that we started, and a template that was sent and may still be answered. */
export async function limitSending(database: Database, tenantId: string, mark: string): Promise<void> {
	await inTenant(database, tenantId, async (db) => {
		await db.all(
			'update sending_settings set marketing_needs_opt_in = true, proactive_stopped_at = now(), proactive_stop = jsonb_build_object($2::text, 1) where tenant_id = $1',
			[tenantId, mark],
		);
		await db.all(
			`update outbox_messages set author = 'system' where id = (select id from outbox_messages where status = 'sent' order by seq limit 1)`,
		);
		await db.one(`select save_message_prices($1, $2::jsonb)`, [
			tenantId,
			JSON.stringify([
				{ category: 'SERVICE', countryPrefix: '55', validFrom: '2026-10-01', price: 0.01, source: mark },
			]),
		]);
		await db.all(
			`insert into template_usage_stats (tenant_id, template_id, conversation_id, outbox_id, success_metric)
				select $1, mt.id, o.conversation_id, o.id, 'response_received'
				from outbox_messages o join message_templates mt on mt.tenant_id = o.tenant_id and mt.meta_status = 'APPROVED' where o.tenant_id = $1 limit 1`,
			[tenantId],
		);
	});
}
