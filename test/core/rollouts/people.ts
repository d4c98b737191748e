import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import type { Database } from '../../../core/database';
import { recordOutcome } from '../../../core/leads';
import { inTenant } from '../../../core/tenancy';
import { saveLead } from '../leads/lead-story';

/** [won, lost] of each arm. */
export interface ArmOutcomes {
	candidate: [number, number];
	incumbent: [number, number];
}

const RUNNING = `select incumbent_persona_id as incumbent, candidate_persona_id as candidate from rollouts where tenant_id = $1 and ended_at is null`;

/** People of both arms in turns, whom their version called HOT, and what became of them. */
export async function meetPeople(database: Database, tenantId: string, outcomes: ArmOutcomes): Promise<void> {
	const rollout = await inTenant(
		database,
		tenantId,
		async (db) => (await db.one<Record<keyof ArmOutcomes, string>>(RUNNING, [tenantId]))!,
	);
	const queue = (['candidate', 'incumbent'] as const).flatMap((arm) => {
		const [won, lost] = outcomes[arm];
		return Array.from({ length: won + lost }, (_, i) => ({
			arm,
			won: Math.floor(((i + 1) * won) / (won + lost)) > Math.floor((i * won) / (won + lost)),
			place: i / (won + lost),
		}));
	});
	for (const { arm, won } of queue.sort((x, y) => x.place - y.place)) {
		const lead = await saveLead(database, tenantId, { classification: 'LEAD_HOT', personaId: rollout[arm] });
		await recordOutcome(database, tenantId, {
			...{ leadId: lead.leadId, kind: won ? 'bom' : 'ruim', source: 'person', actor: 'x' },
			idempotencyKey: randomUUID(),
		});
	}
}

export const ageRollout = async (admin: Pool, rolloutId: string, days: number): Promise<void> =>
	void (await admin.query(
		'update agent_factory.rollouts set started_at = started_at - make_interval(days => $2), stage_since = stage_since - make_interval(days => $2) where id = $1',
		[rolloutId, days],
	));

/** Says that the arms are as they were planned: the ratio of such people is not for the test to show. */
export const dealtFairly = async (admin: Pool, rolloutId: string): Promise<void> =>
	void (await admin.query('update agent_factory.rollout_arms set share = 1 where rollout_id = $1', [rolloutId]));
