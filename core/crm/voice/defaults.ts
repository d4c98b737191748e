/** Milliseconds for one call to a telephony provider; they answer within a second. */
export const VOICE_TIMEOUT_MS = 10_000;
/** Bytes of a provider's answer that are read. */
export const ANSWER_MAX_BYTES = 256 * 1024;
export const TWILIO_URL = 'https://api.twilio.com';
export const TELNYX_URL = 'https://api.telnyx.com';
/** Hosts of the providers' regions; nothing else is called with a tenant's credentials. */
export const VOICE_HOSTS = ['twilio.com', 'telnyx.com'] as const;
/** Where a stand-in listens. */
export const LOCAL_HOSTS: readonly string[] = ['127.0.0.1', 'localhost'];
/** Seconds that the time of a Telnyx signature may be off: a replay is older. */
export const SIGNATURE_TOLERANCE_SECONDS = 300;
/** Seconds that the person's telephone and then the lead's may ring. */
export const RING_SECONDS = 25;
/** Tasks that one look tells people of. */
export const DUE_LIMIT = 100;
/** Rows a list returns at most. */
export const LIST_LIMIT = 100;
/** A provider's report is a page of text. */
export const STATUS_MAX_BYTES = 64 * 1024;
