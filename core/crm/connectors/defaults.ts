/** Where the CRMs answer, if an account has no address of its own. */
export const PIPEDRIVE_URL = 'https://api.pipedrive.com';
export const RD_STATION_URL = 'https://crm.rdstation.com';
/** Milliseconds one call to a CRM may take. */
export const CALL_TIMEOUT_MS = 20_000;
/** Seconds after which a create whose answer was lost counts as not done, if the deal is not there: the time-out and then some for the CRM itself. */
export const UNSETTLED_SECONDS = 120;
/** Seconds a job waits while its CRM has no valid token; a new token wakes it at once. */
export const BLOCKED_WAIT_SECONDS = 3_600;
/** Seconds to wait when a CRM says "too many" and not for how long. */
export const BUSY_WAIT_SECONDS = 60;
/** Seconds one "too many" may hold a CRM at most: Pipedrive's daily budget ends within a day, and a person may raise it. */
export const MAX_BUSY_SECONDS = 3_600;
/** Seconds between two questions "what changed since?": webhooks are the fast way, this is the net. */
export const POLL_EVERY_SECONDS = 900;
/** Seconds that one question looks back behind the one before. */
export const POLL_OVERLAP_SECONDS = 120;
/** Deals a page, and pages one poll reads at most: the next poll goes on. */
export const POLL_PAGE = 200;
export const POLL_PAGES = 10;
/** Deals that one poll asks about one by one, where a CRM has no list by change: a third of RD Station's 120 requests a minute. */
export const POLL_SINGLE = 40;
/** Deals of one person that a look-up reads. */
export const LOOKUP_LIMIT = 100;
/** Characters of a deal's title, a note, and a name. */
export const MAX_TITLE_CHARS = 200;
export const MAX_NOTE_CHARS = 5_000;
export const MAX_NAME_CHARS = 100;
/** Characters of the mark that ties a deal to its lead. */
export const MARK_CHARS = 12;
/** Name of the field that holds the mark in Pipedrive. */
export const MARK_FIELD_NAME = 'Agent Factory lead';
/** Name of the product that carries the value of a deal in RD Station, which has no field for it. */
export const VALUE_NAME = 'Valor estimado';
/** Characters of the address that a CRM is told for its webhooks. */
export const MAX_WEBHOOK_URL_CHARS = 1_000;
/** Bytes of a webhook's secret. */
export const WEBHOOK_TOKEN_BYTES = 24;
/** Bytes of a webhook's body: Pipedrive's and RD Station's deals are some kB. */
export const MAX_WEBHOOK_BYTES = 1_000_000;
/** Rows a list returns at most. */
export const LIST_LIMIT = 100;
