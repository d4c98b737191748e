import { toDatabaseError, type Database } from '../database';
import { inTenant, type TenantConnection } from '../tenancy';
import { JOB_LEASE_SECONDS, LIST_LIMIT, MAX_JOB_CLAIM } from './defaults';

export interface NewJob {
	/** `area.what`, in lower case. */
	type: string;
	/** Of one type and key there is one job, whatever became of it. */
	key: string;
	payload?: Record<string, unknown>;
	/** When it is due; now when absent. */
	at?: Date | null;
	maxAttempts?: number | null;
}

export interface JobLease {
	tenantId: string;
	jobId: string;
	leaseToken: number;
}

export interface ClaimedJob extends JobLease {
	type: string;
	key: string;
	payload: Record<string, unknown>;
	/** This one included. */
	attempts: number;
	maxAttempts: number;
}

/** `counts: false` gives the attempt back: waiting for a limit is no failure. */
export type JobOutcome =
	| { outcome: 'completed'; result?: Record<string, unknown> }
	| { outcome: 'retry'; error: string; delaySeconds: number; counts?: boolean }
	| { outcome: 'failed'; error: string };

interface ClaimedRow {
	tenant_id: string;
	id: string;
	job_type: string;
	job_key: string;
	payload: Record<string, unknown>;
	attempts: number;
	max_attempts: number;
	lease_token: number;
}

const ENQUEUE = `select enqueue_job($1::uuid, $2::text, $3::text, $4::jsonb, $5::timestamptz, $6::integer) as id`;
const LIST = `select id, job_type, job_key, status, attempts, max_attempts, available_at, last_error, created_at, finished_at from background_jobs
	where tenant_id = $1::uuid and ($2::text is null or job_type = $2::text) and ($3::text is null or status = $3::text)
	order by created_at desc limit $4::integer`;

/** Adds a job inside the caller's transaction, or finds the one of that key. */
export async function addJob(db: TenantConnection, job: NewJob): Promise<string> {
	const row = await db.one<{ id: string }>(ENQUEUE, [
		db.tenantId,
		job.type,
		job.key,
		JSON.stringify(job.payload ?? {}),
		job.at ?? null,
		job.maxAttempts ?? null,
	]);
	return row!.id;
}

export const enqueueJob = async (
	database: Database,
	tenantId: string,
	job: NewJob,
	actor?: string,
): Promise<{ jobId: string }> =>
	await inTenant(database, tenantId, async (db) => ({ jobId: await addJob(db, job) }), { actor });

/** Leases due jobs of all tenants. */
export async function claimJobs(
	database: Database,
	options: { workerId: string; types: readonly string[]; limit?: number; leaseSeconds?: number },
): Promise<ClaimedJob[]> {
	const limit = Math.min(options.limit ?? MAX_JOB_CLAIM, MAX_JOB_CLAIM);
	try {
		const { rows } = await database.pool.query<ClaimedRow>({
			text: `select * from ${database.qualified}claim_jobs($1::text, $2::text[], $3::integer, $4::integer)`,
			values: [options.workerId, [...options.types], limit, options.leaseSeconds ?? JOB_LEASE_SECONDS],
		});
		return rows.map((row) => ({
			tenantId: row.tenant_id,
			jobId: row.id,
			leaseToken: row.lease_token,
			type: row.job_type,
			key: row.job_key,
			payload: row.payload,
			attempts: row.attempts,
			maxAttempts: row.max_attempts,
		}));
	} catch (error) {
		throw toDatabaseError(error);
	}
}

/** Writes down how a job ended. LEASE_LOST when somebody else has it by now. */
export const settleJob = async (database: Database, lease: JobLease, outcome: JobOutcome): Promise<string> =>
	await inTenant(
		database,
		lease.tenantId,
		async (db) =>
			(await db.one<{ status: string }>(`select settle_job($1::uuid, $2::uuid, $3::bigint, $4::jsonb) as status`, [
				lease.tenantId,
				lease.jobId,
				lease.leaseToken,
				JSON.stringify(outcome),
			]))!.status,
	);

export const renewJob = async (
	database: Database,
	lease: JobLease,
	leaseSeconds = JOB_LEASE_SECONDS,
): Promise<boolean> =>
	await inTenant(
		database,
		lease.tenantId,
		async (db) =>
			(await db.one<{ held: boolean }>(`select renew_job($1::uuid, $2::uuid, $3::bigint, $4::integer) as held`, [
				lease.tenantId,
				lease.jobId,
				lease.leaseToken,
				leaseSeconds,
			]))!.held,
	);

/** Gives a failed job fresh attempts; false when it has not failed. */
export const requeueJob = async (
	database: Database,
	tenantId: string,
	jobId: string,
	actor?: string,
): Promise<boolean> =>
	await inTenant(
		database,
		tenantId,
		async (db) =>
			(await db.one<{ done: boolean }>(`select requeue_job($1::uuid, $2::uuid) as done`, [tenantId, jobId]))!.done,
		{ actor },
	);

/** Newest first; payloads are left out: they may hold what a customer wrote. */
export const listJobs = async (
	database: Database,
	tenantId: string,
	filter: { type?: string; status?: string; limit?: number } = {},
): Promise<Array<Record<string, unknown>>> =>
	await inTenant(
		database,
		tenantId,
		async (db) =>
			await db.all(LIST, [tenantId, filter.type ?? null, filter.status ?? null, filter.limit ?? LIST_LIMIT]),
	);
