export { JOB_LEASE_SECONDS, JOB_MAX_ATTEMPTS, MAX_JOB_CLAIM } from './defaults';
export {
	addJob,
	claimJobs,
	enqueueJob,
	listJobs,
	renewJob,
	requeueJob,
	settleJob,
	type ClaimedJob,
	type JobLease,
	type JobOutcome,
	type NewJob,
} from './jobs';
export { retrySeconds, runDueJobs, type JobHandler, type JobRun, type RunOptions } from './run';
