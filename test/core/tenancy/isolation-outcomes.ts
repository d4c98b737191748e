import { randomBytes } from 'node:crypto';
import type { Pool } from 'pg';
import type { Database } from '../../../core/database';
import { recordOutcome } from '../../../core/leads';
import { createEndpoint, createWebhookSecret } from '../../../core/notifications';
import { inTenant } from '../../../core/tenancy';
import { vault } from '../../support/factory';
import { saveLead } from '../leads/lead-story';

/** A lead with outcomes, an example, a scorer, an endpoint with a leased notice and one that arrived, a secret. */
export async function winALead(database: Database, admin: Pool, tenantId: string, mark: string): Promise<void> {
	const ports = { vault, randomBytes };
	await createEndpoint(database, tenantId, { url: `https://${mark}.example.com/` }, ports);
	await createWebhookSecret(database, tenantId, mark, ports);
	const persona = await inTenant(
		database,
		tenantId,
		async (db) => await db.one<{ id: string }>('select id from tenant_personas where tenant_id = $1', [tenantId]),
	);
	const lead = await saveLead(database, tenantId, {
		fullName: mark,
		username: mark,
		classification: 'LEAD_HOT',
		personaId: persona!.id,
	});
	for (const kind of ['bom', 'client'] as const)
		await recordOutcome(database, tenantId, {
			leadId: lead.leadId,
			kind,
			source: 'person',
			actor: mark,
			idempotencyKey: `${mark} ${kind}`,
		});
	await inTenant(database, tenantId, async (db) => {
		await db.one('select save_scoring_model($1, $2)', [tenantId, JSON.stringify(scoringModel(mark))]);
		await db.one('select activate_scoring_model($1, id) from lead_scoring_models', [tenantId]);
	});
	// What is left to do: an example to log, figures to count, a notice in flight.
	await admin.query(
		`delete from agent_factory.ai_training_data where tenant_id = $1 and expected_output ->> 'label' = 'client'`,
		[tenantId],
	);
	await admin.query('update agent_factory.tenant_personas set conversion_rate = null where tenant_id = $1', [tenantId]);
	await database.pool.query(`select from ${database.qualified}claim_notices(50, 600)`);
	// And one that arrived, which a replay would send again.
	await admin.query(
		`insert into agent_factory.notification_deliveries (tenant_id, endpoint_id, event_type, event_key, payload, status, available_at, settled_at)
			select tenant_id, endpoint_id, event_type, 'arrived', payload, 'delivered', null, now() from agent_factory.notification_deliveries where tenant_id = $1 limit 1`,
		[tenantId],
	);
}

/** What `save_scoring_model` stores. */
export const scoringModel = (name: string): object => ({
	name,
	config: {},
	count: 30,
	accuracy: 0.7,
	weights: {},
	calibration: {},
	modelMetrics: {},
	ruleMetrics: {},
	beatsRules: true,
});
