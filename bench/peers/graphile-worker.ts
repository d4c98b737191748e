import { Pool } from 'pg';
import type { Contender } from '../queue/contender';
import type { Job, OrderWatch, Workload } from '../queue/workloads';
import type { Peers } from './install';

const INSERT = `insert into graphile_worker._private_jobs (task_id, job_queue_id, payload, run_at)
	select t.id, q.id, json_build_object('c', j.c, 'n', j.n), now() - interval '1 hour' + j.ordinality * interval '1 microsecond'
	from unnest($1::int[], $2::int[]) with ordinality as j(c, n, ordinality)
	join graphile_worker._private_tasks t on t.identifier = 'turn'
	left join graphile_worker._private_job_queues q on q.queue_name = 'c' || j.c`;

const WORKERS = 24;
/** Jobs fetched at once: the more the better, as long as each conversation gives one. */
const FETCH = 500;

/**
 * graphile-worker, a named queue a conversation. Its jobs have no tie-break, so each gets a `run_at` of its own.
 * Fetched and completed in batches, which is what makes it fast; where every message stands alone, without queues at all.
 */
export async function graphileContender({ graphile }: Peers, connectionString: string): Promise<Contender> {
	const pool = new Pool({ connectionString, max: 10 });
	pool.on('error', () => undefined);
	const logger = new graphile.Logger(() => () => undefined);
	await graphile.runMigrations({ pgPool: pool, logger });
	return {
		name: 'graphile-worker',
		async fill({ jobs, conversations, independent }) {
			await pool.query('truncate graphile_worker._private_jobs, graphile_worker._private_job_queues');
			await pool.query(
				`insert into graphile_worker._private_tasks (identifier) values ('turn') on conflict do nothing`,
			);
			if (!independent) {
				await pool.query(
					`insert into graphile_worker._private_job_queues (queue_name) select 'c' || c from generate_series(0, $1::int - 1) c`,
					[conversations],
				);
			}
			await pool.query(INSERT, [jobs.map((job) => job.conversation), jobs.map((job) => job.n)]);
			await pool.query('vacuum analyze graphile_worker._private_jobs, graphile_worker._private_job_queues');
		},
		async drain({ jobs }: Workload, watch: OrderWatch, deadline: number) {
			let finished: () => void = () => undefined;
			const done = new Promise<void>((resolve) => (finished = resolve));
			const timer = setTimeout(finished, Math.max(0, deadline - performance.now()));
			const runner = await graphile.run({
				pgPool: pool,
				noHandleSignals: true,
				taskList: {
					turn: ({ c, n }: { c: number; n: Job['n'] }) => {
						watch.begin(c, [n]);
						watch.end(c);
						if (watch.handled === jobs.length) finished();
					},
				},
				preset: {
					worker: {
						logger,
						concurrentJobs: WORKERS,
						pollInterval: 10,
						localQueue: { size: FETCH },
						completeJobBatchDelay: 0,
						failJobBatchDelay: 0,
					},
				},
			});
			await done;
			clearTimeout(timer);
			void runner.stop().catch(() => undefined);
		},
		close: async () => await pool.end(),
	};
}
