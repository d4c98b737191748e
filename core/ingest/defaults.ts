/** Milliseconds within which Meta gets an answer, the database's time included; later means 503 and Meta sends again. */
export const INGEST_DEADLINE_MS = 4_500;
/** Attempts when two deliveries of the same items collide (deadlock, serialisation). */
export const INGEST_ATTEMPTS = 3;
