import { applyMigrations, openDatabase } from '../../core/database';
import { claimTurns, completeTurns, SILENCE } from '../../core/conversations';
import { Pool } from 'pg';
import type { Contender } from './contender';
import { conversationId, conversationNumber, emptyQueue, fillBacklog, seedTenants, tenantId } from './seed';

/** Loops in one process; more only wait for each other on two cores. */
const WORKERS = 2;
const CLAIM = 200;

const PLAN = `select j.id, $1::uuid, j.conversation, j.n from unnest($2::uuid[], $3::int[]) with ordinality j(conversation, n, id)`;

/**
 * The pack's own queue: one tenant, claimTurns and completeTurns as the nodes call them, `workers` loops side by side.
 * `maxMessages` 1 hands a conversation's messages out one by one; without it, as shipped, what waits is one turn.
 */
export async function lanesContender(
	connectionString: string,
	{ name, maxMessages, workers = WORKERS }: { name: string; maxMessages?: number; workers?: number },
): Promise<Contender> {
	await applyMigrations({ connectionString });
	const database = openDatabase({ connectionString });
	const admin = new Pool({ connectionString, max: 1, options: '-c search_path=agent_factory' });
	admin.on('error', () => undefined);
	await seedTenants(admin, 1);
	return {
		name,
		async fill({ jobs }) {
			await emptyQueue(admin);
			await fillBacklog(admin, PLAN, [
				tenantId(0),
				jobs.map(({ conversation }) => conversationId(conversation)),
				jobs.map(({ n }) => n),
			]);
		},
		async drain({ jobs }, watch, deadline) {
			const work = async (worker: number): Promise<void> => {
				while (watch.handled < jobs.length && performance.now() < deadline) {
					const turns = await claimTurns(database, { workerId: `bench ${worker}`, limit: CLAIM, maxMessages });
					if (turns.length === 0) return;
					const held = turns.map((turn) => ({ turn, conversation: conversationNumber(turn.conversationId) }));
					// A message's id is its place in the order of arrival, from 1.
					for (const { turn, conversation } of held)
						watch.begin(
							conversation,
							turn.messageIds.map((id) => jobs[id - 1].n),
						);
					await completeTurns(
						database,
						turns.map((lease) => ({ lease, decision: SILENCE })),
					);
					for (const { conversation } of held) watch.end(conversation);
				}
			};
			await Promise.all(Array.from({ length: workers }, (_, worker) => work(worker)));
		},
		async close() {
			await database.pool.end();
			await admin.end();
		},
	};
}
