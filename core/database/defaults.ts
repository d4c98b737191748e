/** Connections one process may hold for one credential: workers and webhooks are short, and n8n shares the server. */
export const POOL_MAX = 5;
/** Milliseconds to wait for a connection: Meta must hear 503 within 5 s when the database is away. */
export const CONNECT_TIMEOUT_MS = 3_000;
/** Milliseconds for one statement, on the client's clock: the server may be the one that hangs. */
export const QUERY_TIMEOUT_MS = 15_000;
/** Milliseconds after which an idle connection is closed. */
export const IDLE_TIMEOUT_MS = 30_000;
/** Milliseconds that one migration may take in all. */
export const MIGRATION_TIMEOUT_MS = 600_000;
/** Seconds that a migrator holds an index it builds, renewed while it lives; then another may begin again. */
export const INDEX_CLAIM_SECONDS = 60;
/** Milliseconds between two renewals of that claim, and between two looks of those who wait for it. */
export const INDEX_RENEW_MS = 15_000;
export const INDEX_POLL_MS = 250;
export const DEFAULT_SCHEMA = 'agent_factory';
/** Oldest server version that the SQL is written for and tested on (server_version_num). */
export const MIN_SERVER_VERSION = 150_000;
/** Oldest n8n that the nodes are tested on. */
export const MIN_N8N_VERSION = '2.41.0';
/** Milliseconds within which several wake-ups go out as one. */
export const NOTIFY_COALESCE_MS = 50;
/** Milliseconds before each further try to write down what cannot be done again: a server's restart takes seconds, a lease lasts 60 s. */
export const AWAY_WAITS_MS = [250, 500, 1_000, 2_000, 4_000];
/** Milliseconds between questions to the listening connection, and for the answer: a half-open one looks idle for ever. */
export const LISTEN_CHECK_MS = 10_000;
export const LISTEN_ANSWER_MS = 3_000;
/** Milliseconds between attempts of the listening connection: doubled from the first to the second. */
export const RECONNECT_MIN_MS = 500;
export const RECONNECT_MAX_MS = 30_000;
