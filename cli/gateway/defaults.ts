/** Every number of the gateway: value, unit in the name, reason. */

/** Above 1024: no root. */
export const PORT = 8080;
/** Where exporters of this kind are looked for; the loopback interface, because metrics are nobody's business outside. */
export const METRICS_PORT = 9464;
export const METRICS_HOST = '127.0.0.1';
/** n8n's path of the Meta Trigger: a proxy may switch doors, and Meta's settings stay. */
export const WEBHOOK_PATH = '/webhook/agent-factory/meta';

/** A request whose header or body drips in slower than this is cut off: Meta sends a body in one go. */
export const HEADERS_TIMEOUT_MS = 5_000;
export const REQUEST_TIMEOUT_MS = 10_000;
/** Milliseconds between looks for such requests. */
export const TIMEOUT_CHECK_MS = 1_000;
/** Milliseconds in which the rest of a refused body is thrown away, so that the answer gets through. */
export const LINGER_MS = 1_000;
/** Longer than proxies keep their idle connections (60 s), so that none is closed under a request on its way. */
export const KEEP_ALIVE_MS = 65_000;
/** Sockets; beyond it new ones are closed. Meta and a proxy in front need some dozens. */
export const MAX_SOCKETS = 1_000;
/** Bytes of bodies that are held at once, received or being stored; the next request hears 503. */
export const MAX_HELD_BYTES = 64 * 1024 * 1024;

/** Milliseconds that a verdict about readiness stands, so that probes cannot hammer the database. */
export const READY_TTL_MS = 1_000;
/** Milliseconds between own looks while not ready: the log says when the database is back, whether or not anybody probes. */
export const READY_RETRY_MS = 2_000;
/** Milliseconds between looks for connections that became idle while draining. */
export const DRAIN_LOOK_MS = 50;
/** Milliseconds for what is in flight when the process is told to stop: twice what a request may take. */
export const DRAIN_MS = 10_000;
