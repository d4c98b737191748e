import type { Pool } from 'pg';
import type { Database } from '../../../core/database';
import { agree, NEXT_STEP, tried } from '../practices/support';

/** The same for all: a practice belongs to nobody. */
const PRACTICE = `insert into agent_factory.shared_best_practices (practice_config, status) values ($1, 'resting') on conflict do nothing`;
const SOURCE = `insert into agent_factory.best_practice_sources (tenant_id, best_practice_id, leads) select $1, id, 250 from agent_factory.shared_best_practices`;
const OFFERED = `insert into agent_factory.best_practice_applications (tenant_id, best_practice_id, persona_suggestion_id)
	select $1, b.id, s.id from agent_factory.shared_best_practices b, agent_factory.persona_improvement_suggestions s where s.tenant_id = $1 limit 1`;

/** Shares and receives, has evidence of its own, and was offered a practice that its roll-out tries. */
export async function sharePractices(database: Database, admin: Pool, tenantId: string): Promise<void> {
	await tried(admin, tenantId, { people: 4 });
	await agree(database, tenantId);
	await agree(database, tenantId, 'receive');
	await admin.query(PRACTICE, [JSON.stringify(NEXT_STEP)]);
	await admin.query(SOURCE, [tenantId]);
	await admin.query(OFFERED, [tenantId]);
}
