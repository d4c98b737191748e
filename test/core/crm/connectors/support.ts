import type { Pool } from 'pg';
import type { Database } from '../../../../core/database';
import { inTenant } from '../../../../core/tenancy';

interface IntegrationChanges {
	provider?: string;
	name?: string;
	createOn?: string;
	createOnStage?: string | null;
}

let serial = 0;

/** The row of a connected CRM, without the CRM: for what the database does by itself. */
export async function storedIntegration(admin: Pool, tenantId: string, changes: IntegrationChanges = {}): Promise<string> {
	const { rows } = await admin.query<{ id: string }>(
		`insert into agent_factory.crm_integrations (tenant_id, provider, name, create_on, create_on_stage, stages)
			select $1, $2, $3, $4, $5, coalesce(jsonb_agg(jsonb_build_object('stageId', s.id, 'externalId', s.stage_order || '0', 'externalName', s.name) order by s.stage_order), '[]')
			from agent_factory.pipeline_stages s where s.tenant_id = $1 returning id`,
		[
			tenantId,
			changes.provider ?? 'pipedrive',
			changes.name ?? `crm ${serial++}`,
			changes.createOn ?? 'hot',
			changes.createOnStage ?? null,
		],
	);
	return rows[0].id;
}

/** One call of a function of the schema, as its tenant. */
export const ask = async <T = unknown>(
	database: Database,
	tenantId: string,
	call: string,
	values: unknown[],
): Promise<T> =>
	await inTenant(
		database,
		tenantId,
		async (db) => (await db.one<{ answer: T }>(`select ${call} as answer`, values))!.answer,
		{ actor: 'Rui' },
	);
