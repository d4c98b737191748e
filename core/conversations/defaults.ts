/** Seconds a claim holds a conversation; a thinking model renews it. Long enough for a pause of the process, short enough for a crash. */
export const LEASE_SECONDS = 60;
/** The lease is renewed after this share of it. */
export const HEARTBEAT_SHARE = 1 / 3;
/** Tries of one turn, crashes included, before it goes to a person (model away) or becomes a dead letter (worker dies). */
export const MAX_TURN_ATTEMPTS = 5;
/** Messages that one turn answers at most; the rest of a longer burst is the next turn. */
export const MAX_TURN_MESSAGES = 20;
/** Turns one claim hands out at most: more would outlive their leases, and gains nothing. */
export const MAX_CLAIM = 200;
/** Earlier messages the model sees. */
export const HISTORY_LIMIT = 30;
/** Seconds before the second try of a turn; doubled each time, with equal jitter, up to the cap. */
export const RETRY_BASE_SECONDS = 5;
export const RETRY_CAP_SECONDS = 300;
/** Milliseconds between polls when no wake-up is heard: an empty look costs 0.2 ms. */
export const POLL_MS = 1_000;
/** Milliseconds after which a workflow that does not report back is asked for again ("do not wait" mode). */
export const EMIT_SPACING_MS = 250;
/** Milliseconds an execution that was started may take until it claims, before its work counts as waiting again; a worker of queue mode is not heard. */
export const CLAIM_GRACE_MS = 250;
/** Milliseconds after which an execution must have ended or hold a lease: a lease, and room to report. Doubled while none reports, up to the second. */
export const PLACE_GRACE_MS = LEASE_SECONDS * 1_000 + 15_000;
export const PLACE_GRACE_MAX_MS = 600_000;
/** Share of that time after which a lease that still holds shows an execution at work. */
export const ALIVE_SHARE = 0.8;
/** Milliseconds before the next start after an execution that claimed nothing: doubled with each one in a row, up to the second. */
export const IDLE_PAUSE_MS = 250;
export const IDLE_PAUSE_MAX_MS = 15_000;
/** Hand-overs between agents an hour and conversation; after that a person takes it: two agents must not play ball with a customer. */
export const MAX_TRANSFERS_AN_HOUR = 2;
/** Rows a list returns at most. */
export const LIST_LIMIT = 100;
