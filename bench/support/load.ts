import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { LoadJob, LoadResult } from './load-job';
import { quantile } from './measure';

/** Requests a second that no target here comes near: bodies for so many are made before the clock starts. */
const MAX_PER_SECOND = 4_000;

export type Load = Omit<LoadJob, 'bodies'> & { maxPerSecond?: number };

export interface LoadFigures extends Record<string, number> {
	perSecond: number;
	p50: number;
	p95: number;
	p99: number;
	answered: number;
	failed: number;
	/** Share of a core that sending took. */
	generator: number;
}

/** Posts signed WhatsApp messages over kept-open connections, from a thread of its own. */
export async function webhookLoad({ maxPerSecond = MAX_PER_SECOND, ...load }: Load): Promise<LoadFigures> {
	const job: LoadJob = { ...load, bodies: Math.ceil(maxPerSecond * load.seconds) };
	const { times, failures, seconds, generatorShare } = await inThread(job);
	const failed = Object.values(failures).reduce((sum, count) => sum + count, 0);
	if (times.length === 0) throw new Error(`No request to ${load.url} got a 200: ${JSON.stringify(failures)}`);
	return {
		perSecond: times.length / seconds,
		answered: times.length,
		p50: quantile(times, 0.5),
		p95: quantile(times, 0.95),
		p99: quantile(times, 0.99),
		failed,
		generator: generatorShare,
	};
}

const inThread = async (job: LoadJob): Promise<LoadResult> =>
	await new Promise((resolve, reject) => {
		const thread = new Worker(join(__dirname, 'load-thread.js'), { workerData: job });
		thread.once('message', (result: LoadResult) => resolve(result));
		thread.once('error', reject);
		thread.once('exit', () => reject(new Error('The load thread ended without a result')));
	});
