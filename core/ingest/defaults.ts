/** Milliseconds within which Meta gets an answer, the database's time included; later means 503 and Meta sends again. */
export const INGEST_DEADLINE_MS = 4_500;
/** Attempts when two deliveries of the same items collide (deadlock, serialisation). */
export const INGEST_ATTEMPTS = 3;
/** Milliseconds that a webhook waits at most for company while another transaction is under way; an idle door waits not at all. */
export const BATCH_WAIT_MS = 5;
/** Events of one shared transaction: beyond this the cost an event hardly falls, and the locks are held longer. */
export const BATCH_MAX_EVENTS = 100;
/** Events that may wait while the database is slow: at a batch's speed a second or two; whoever comes after hears 503 at once. */
export const BATCH_MAX_WAITING = 5_000;
/** Shared transactions at once: one fills while the other commits. More only share the server's processors. */
export const BATCH_MAX_IN_FLIGHT = 2;
