import type { Pool } from 'pg';
import type { Database } from '../../../core/database';
import { inTenant } from '../../../core/tenancy';
import { saveLead } from '../leads/lead-story';

/** What the CRM calls the deal; both parties have one of that name. */
export const DEAL = 'deal-of-the-story';

/** A CRM with a deal that stands elsewhere than its lead, one that is being made, work that waits, and a move on the board. */
export async function sellToALead(database: Database, admin: Pool, tenantId: string, mark: string): Promise<void> {
	const { rows } = await admin.query<{ id: string }>(
		`insert into agent_factory.crm_integrations (tenant_id, provider, name, stages, webhook_token_sha256)
			select $1, 'pipedrive', $2, jsonb_build_array(jsonb_build_object('stageId', s.id, 'externalId', '10')), encode(sha256(convert_to($2, 'UTF8')), 'hex')
			from agent_factory.pipeline_stages s where s.tenant_id = $1 and s.stage_type = 'contact' returning id`,
		[tenantId, mark],
	);
	const [{ id: crm }] = rows;
	const made = await saveLead(database, tenantId, { classification: 'LEAD_HOT', fullName: mark });
	const making = await saveLead(database, tenantId, { classification: 'LEAD_HOT', fullName: mark });
	await inTenant(
		database,
		tenantId,
		async (db) => {
			for (const { leadId } of [made, making])
				await db.one(`select begin_crm_create($1, $2, $3, 'deal', 0)`, [tenantId, crm, leadId]);
			const remote = { externalId: DEAL, stage: mark, status: 'lost', at: '2026-01-01T00:00:00Z' };
			await db.one(`select keep_crm_link($1, $2, $3, 'deal', $4)`, [tenantId, crm, made.leadId, remote]);
			await db.one(`update crm_links set details = jsonb_build_object('title', $1::text) where state = 'unknown'`, [
				mark,
			]);
			await db.one('select move_lead($1, $2, s.id, $3, $3) from pipeline_stages s where s.stage_type = $4', [
				...[tenantId, made.leadId, mark, 'contact'],
			]);
			await db.one(`update background_jobs set available_at = now() + interval '1 hour' where job_type = 'crm.deal'`);
		},
		{ actor: mark },
	);
}
