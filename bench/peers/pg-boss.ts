import { Pool } from 'pg';
import type { Contender } from '../queue/contender';
import type { Job, Workload } from '../queue/workloads';
import type { Peers } from './install';

const INSERT_AT_ONCE = 1_000;
const FETCH = 200;

/** Ids that sort in order of arrival: pg-boss ranks a group's jobs of one fetch by id. */
const orderedId = (n: number): string => `00000000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`;

/**
 * pg-boss: a group a conversation with one active job each, or `key_strict_fifo` where that is faster (a hot conversation stands before
 * everybody else). Jobs of one insert share `created_on`, which is all it orders by: each gets a time of its own. One fetcher, for two skip
 * each other's locks and swap a group's jobs; four where order is nobody's business.
 */
export async function pgBossContender({ PgBoss }: Peers, connectionString: string): Promise<Contender> {
	const boss = new PgBoss({ connectionString, max: 10, supervise: false, schedule: false });
	boss.on('error', () => undefined);
	await boss.start();
	await boss.createQueue('groups', {});
	await boss.createQueue('fifo', { policy: 'key_strict_fifo' });
	const pool = new Pool({ connectionString, max: 2 });
	pool.on('error', () => undefined);
	const queueOf = ({ name }: Workload): string => (name === 'd' ? 'fifo' : 'groups');
	const keyOf = (workload: Workload, conversation: number): object => {
		if (workload.independent) return {};
		const id = `c${conversation}`;
		return queueOf(workload) === 'fifo' ? { singletonKey: id } : { group: { id } };
	};
	return {
		name: 'pg-boss',
		async fill(workload) {
			await pool.query('truncate pgboss.job');
			for (let from = 0; from < workload.jobs.length; from += INSERT_AT_ONCE) {
				const part = workload.jobs.slice(from, from + INSERT_AT_ONCE);
				await boss.insert(
					queueOf(workload),
					part.map((job, i) => ({ id: orderedId(from + i), data: job, ...keyOf(workload, job.conversation) })),
				);
			}
			await pool.query(
				`update pgboss.job set created_on = now() - interval '1 hour' + ('x' || right(id::text, 8))::bit(32)::int * interval '1 microsecond'`,
			);
			await pool.query('vacuum full analyze pgboss.job');
		},
		async drain(workload, watch, deadline) {
			const queue = queueOf(workload);
			const grouped = queue === 'groups' && !workload.independent;
			const options = { batchSize: FETCH, ...(grouped ? { groupConcurrency: 1 } : {}) };
			const work = async (): Promise<void> => {
				while (watch.handled < workload.jobs.length && performance.now() < deadline) {
					const jobs = await boss.fetch(queue, options);
					if (jobs.length === 0) return;
					const held = jobs.map(({ data }) => data as Job);
					for (const { conversation, n } of held) watch.begin(conversation, [n]);
					await boss.complete(
						queue,
						jobs.map(({ id }) => id),
					);
					for (const { conversation } of held) watch.end(conversation);
				}
			};
			await Promise.all(Array.from({ length: workload.independent ? 4 : 1 }, work));
		},
		async close() {
			await boss.stop({ graceful: false });
			await pool.end();
		},
	};
}
