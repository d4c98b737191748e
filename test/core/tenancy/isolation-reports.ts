import type { Pool } from 'pg';
import { inTenant } from '../../../core/tenancy';
import type { Database } from '../../../core/database';

/** Today of the tenant, counted; and the last look an hour ago. */
export async function countToday(database: Database, admin: Pool, tenantId: string): Promise<void> {
	await inTenant(database, tenantId, async (db) => {
		await db.one('select find_late_days($1, 0)', [tenantId]);
		await db.one('select count(roll_up_day(tenant_id, day)) from rolled_days where tenant_id = $1', [tenantId]);
	});
	await admin.query(
		`update agent_factory.roll_up_progress set looked_at = now() - interval '1 hour' where tenant_id = $1`,
		[tenantId],
	);
	// Of a week ago, of a day that was counted too early: something to find.
	await admin.query(
		`insert into agent_factory.rolled_days (tenant_id, day, timezone, rolled_at)
			select id, (now() at time zone timezone)::date - 7, timezone, now() - interval '7 days' from agent_factory.tenants where id = $1`,
		[tenantId],
	);
}
