import type { Database } from '../database';
import { isFactoryError } from '../errors';
import {
	JOB_HEARTBEAT_SHARE,
	JOB_LEASE_SECONDS,
	JOB_RETRY_BASE_SECONDS,
	JOB_RETRY_CAP_SECONDS,
	JOBS_AT_ONCE,
} from './defaults';
import { claimJobs, renewJob, settleJob, type ClaimedJob, type JobOutcome } from './jobs';

/** Does a job: answers its result, or throws. A FactoryError that is retryable is tried again, any other ends the job. */
export type JobHandler = (job: ClaimedJob) => Promise<Record<string, unknown> | void>;

export interface RunOptions {
	workerId: string;
	types: readonly string[];
	limit?: number;
	leaseSeconds?: number;
	random(): number;
}

/** What became of one job in this call. */
export interface JobRun {
	tenantId: string;
	jobId: string;
	type: string;
	key: string;
	status: string;
	attempts: number;
	/** Code of the error that this try ended with. */
	error: string | null;
	result: Record<string, unknown> | null;
}

/** Claims due jobs of these types, of all tenants, does them and writes down how each ended. */
export async function runDueJobs(database: Database, options: RunOptions, handler: JobHandler): Promise<JobRun[]> {
	const jobs = await claimJobs(database, options);
	const runs: JobRun[] = [];
	const waiting = [...jobs];
	const worker = async (): Promise<void> => {
		for (let job = waiting.shift(); job; job = waiting.shift())
			runs.push(await runOne(database, job, options, handler));
	};
	// The leases of those that wait are renewed too: they are all in this process's hands.
	const heartbeat = holdJobs(database, jobs, options.leaseSeconds ?? JOB_LEASE_SECONDS);
	try {
		await Promise.all(Array.from({ length: Math.min(JOBS_AT_ONCE, jobs.length) }, worker));
	} finally {
		heartbeat.stop();
	}
	return runs;
}

function holdJobs(database: Database, jobs: ClaimedJob[], leaseSeconds: number): { stop(): void } {
	if (jobs.length === 0) return { stop: () => undefined };
	// A failed renewal is not an error here: settling says whether the lease was lost.
	const renew = (): void => {
		for (const job of jobs) void renewJob(database, job, leaseSeconds).catch(() => undefined);
	};
	const timer = setInterval(renew, leaseSeconds * JOB_HEARTBEAT_SHARE * 1_000);
	return { stop: () => clearInterval(timer) };
}

async function runOne(database: Database, job: ClaimedJob, options: RunOptions, handler: JobHandler): Promise<JobRun> {
	const done = { tenantId: job.tenantId, jobId: job.jobId, type: job.type, key: job.key, attempts: job.attempts };
	let outcome: JobOutcome;
	try {
		outcome = { outcome: 'completed', result: (await handler(job)) ?? {} };
	} catch (error) {
		outcome = outcomeOf(error, job.attempts, options.random);
	}
	const error = outcome.outcome === 'completed' ? null : outcome.error;
	const result = outcome.outcome === 'completed' ? (outcome.result ?? null) : null;
	try {
		return { ...done, status: await settleJob(database, job, outcome), error, result };
	} catch (failure) {
		// Somebody else has it, or the database is away: the lease runs out and the job is done again.
		if (isFactoryError(failure) && (failure.code === 'LEASE_LOST' || failure.retryable)) {
			return { ...done, status: 'lost', error: failure.code, result };
		}
		throw failure;
	}
}

/** Seconds: doubled each attempt with equal jitter, never before what the other side asked for. */
export function retrySeconds(attempt: number, retryAfterMs: number | undefined, random: () => number): number {
	const full = Math.min(JOB_RETRY_CAP_SECONDS, JOB_RETRY_BASE_SECONDS * 2 ** (attempt - 1));
	return Math.max(full / 2 + (full / 2) * random(), Math.min(JOB_RETRY_CAP_SECONDS, (retryAfterMs ?? 0) / 1_000));
}

/** What is written down of an error: its code and message for a FactoryError, nothing of any other, which may hold anything. */
function outcomeOf(error: unknown, attempts: number, random: () => number): JobOutcome {
	if (!isFactoryError(error)) {
		return { outcome: 'retry', error: 'INTERNAL', delaySeconds: retrySeconds(attempts, undefined, random) };
	}
	const text = `${error.code}: ${error.message}`;
	if (!error.retryable) return { outcome: 'failed', error: text };
	// A limit that says when it ends costs no attempt.
	return {
		outcome: 'retry',
		error: text,
		delaySeconds: retrySeconds(attempts, error.retryAfterMs, random),
		counts: error.retryAfterMs === undefined,
	};
}
