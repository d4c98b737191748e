/** Seconds a job is held; the heartbeat renews it while it is worked on. */
export const JOB_LEASE_SECONDS = 60;
/** Share of the lease after which it is renewed. */
export const JOB_HEARTBEAT_SHARE = 1 / 3;
/** Jobs one call works on at most. */
export const MAX_JOB_CLAIM = 50;
/** Jobs worked on side by side: they wait for other services, not for us. */
export const JOBS_AT_ONCE = 5;
/** Seconds before the second try; doubled each time, half of it jitter. */
export const JOB_RETRY_BASE_SECONDS = 15;
/** Seconds between tries at most: with 12 attempts a service may be away for some 8 hours. */
export const JOB_RETRY_CAP_SECONDS = 3_600;
/** Tries before a job is given up and waits for a person. */
export const JOB_MAX_ATTEMPTS = 12;
/** Rows a list operation returns at most. */
export const LIST_LIMIT = 100;
