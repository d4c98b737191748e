/** Milliseconds for one call to a connected service. Two calls with a renewed token each stay far below a hold of 120 s. */
export const SERVICE_TIMEOUT_MS = 10_000;
/** Bytes of an answer that are read at most. */
export const MAX_ANSWER_BYTES = 2_000_000;
/** Hours that a link to connect an account works: the person who holds the account may be asked tomorrow. */
export const CONNECT_LINK_HOURS = 72;
/** Bytes of the PKCE verifier: 43 characters, the shortest that RFC 7636 allows. */
export const VERIFIER_BYTES = 32;
/** Milliseconds before its end from which a token is renewed: the clock of the service may be ahead. */
export const RENEW_AHEAD_MS = 60_000;
/** Seconds one worker may take to renew a token before another may. */
export const RENEW_LEASE_SECONDS = 30;
/** Milliseconds between looks of whoever waits for a token that another renews, and how often. */
export const RENEW_POLL_MS = 200;
export const RENEW_POLLS = 60;
