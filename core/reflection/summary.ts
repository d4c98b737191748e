import type { Database } from '../database';
import { FactoryError } from '../errors';
import { inTenant } from '../tenancy';

const READ = `select to_jsonb(v) as summary, coalesce((select jsonb_agg(to_jsonb(a) order by a.agent_name) from vw_self_improving_summary a
		where a.tenant_id = v.tenant_id and a.agent_version_id in (select id from agent_versions where tenant_id = v.tenant_id and is_active)), '[]') as agents,
		breaker_of(v.tenant_id, 'persona', null) as "personaBreaker"
	from vw_unified_tenant_performance v where v.tenant_id = $1::uuid`;

/** How a tenant's leads, persona, prompts and loop stand: `vw_unified_tenant_performance` and, an agent a row, `vw_self_improving_summary`. */
export async function readLoopSummary(database: Database, tenantId: string): Promise<Record<string, unknown>> {
	const row = await inTenant(
		database,
		tenantId,
		async (db) =>
			await db.one<{ summary: Record<string, unknown>; agents: unknown[]; personaBreaker: unknown }>(READ, [tenantId]),
	);
	if (!row)
		throw new FactoryError('NOT_FOUND', `There is no tenant ${tenantId}. Pick one from the list.`, { item: tenantId });
	return { ...row.summary, personaBreaker: row.personaBreaker, agents: row.agents };
}
