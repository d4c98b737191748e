/** Every number and address of the Meta capability: value, unit in the name, reason. */

/** Graph API of Facebook-login products; the sandbox and tests pass their own. */
export const GRAPH_BASE_URL = 'https://graph.facebook.com';
/** Valid until 2028-07-29; the newest version that has been out for more than half a year. */
export const GRAPH_VERSION = 'v25.0';
/** A send usually answers in under a second; a longer wait only delays the verdict "outcome unknown". */
export const GRAPH_TIMEOUT_MS = 15_000;
/** The part of Graph's error text that is kept: enough for a log line. */
export const GRAPH_ERROR_TEXT_MAX_CHARS = 500;
/** Longest wait that a Retry-After or usage header may ask for: beyond it a fresh try costs less than a stuck lane. */
export const RETRY_AFTER_MAX_MS = 60 * 60_000;

/** Where Meta keeps what people send. WhatsApp's host wants the token of the number, the others are plain addresses that end by themselves. */
export const MEDIA_HOSTS = [
	{ name: 'lookaside.fbsbx.com', wantsToken: true },
	{ name: 'fbsbx.com', wantsToken: false },
	{ name: 'fbcdn.net', wantsToken: false },
	{ name: 'cdninstagram.com', wantsToken: false },
] as const;

/** Meta sends at most 3 MB per request. */
export const BODY_MAX_BYTES = 3 * 1024 * 1024;
/** The deepest documented body nests 14 levels; a deeper one than this is an attack on a recursive reader. */
export const BODY_MAX_DEPTH = 64;
/** Meta batches at most 1000 updates; history chunks hold more messages. The rest is kept in one `unknown` event. */
export const BODY_MAX_ITEMS = 10_000;
/** Beyond this depth the canonical form stops telling values apart; it is past BODY_MAX_DEPTH on purpose. */
export const CANONICAL_MAX_DEPTH = 256;

/** Digits of a phone number: E.164 has 15, short codes have 5, some WhatsApp ids are longer. */
export const PHONE_MIN_DIGITS = 5;
export const PHONE_MAX_DIGITS = 20;
/** Longest id that is read from a payload: a wamid has about 100 characters, a Messenger mid about 200. */
export const ID_MAX_CHARS = 512;
/** Bytes of one of the five parts of an event's key: together they must fit into an index entry of Postgres, 2,704 bytes. */
export const KEY_PART_MAX_BYTES = 520;
/** Timestamps outside these bounds are noise, and Postgres and people should not see them: 2000-01-01 to 2100-01-01. */
export const TIME_MIN_MS = 946_684_800_000;
export const TIME_MAX_MS = 4_102_444_800_000;
/** A number below this is seconds (the year 5138), above it milliseconds. */
export const SECONDS_LIMIT = 100_000_000_000;
/** What an agent reads of a flow answer, an order or a list of cards; the whole stays in the payload. */
export const SUMMARY_MAX_CHARS = 2_000;

/** WhatsApp text body, in UTF-16 units (never fewer than characters). */
export const WHATSAPP_TEXT_MAX_CHARS = 4_096;
/** Instagram and Messenger text, in bytes of UTF-8. */
export const SEND_API_TEXT_MAX_BYTES = 1_000;
/** What WhatsApp takes in messages with choices and in captions: characters, except where a count is named. */
export const RICH_LIMITS = {
	buttonsText: 1_024,
	/** Count. */
	buttons: 3,
	buttonTitle: 20,
	buttonId: 256,
	listText: 4_096,
	listButton: 20,
	/** Count, over all sections. */
	listRows: 10,
	sectionTitle: 24,
	rowId: 200,
	rowTitle: 24,
	rowDescription: 72,
	footer: 60,
	caption: 1_024,
} as const;
/** Quick replies of Instagram and Messenger: their count, and the characters of a title. */
export const SEND_API_LIMITS = { quickReplies: 13, quickReplyTitle: 20 } as const;
/** Templates a page of Meta's list, and pages that are read: beyond them something is wrong with the cursor. */
export const TEMPLATE_PAGE_ROWS = 100;
export const TEMPLATE_PAGES = 60;
/** `biz_opaque_callback_data`, in characters. */
export const CALLBACK_DATA_MAX_CHARS = 512;

/** First waits and caps of the retryable error classes. */
export const BACKOFF = {
	/** A refused connection: the next try may already reach another edge server. */
	rowMs: 2_000,
	/** 131056: Meta asks for 4^n seconds per pair. */
	pairMs: 1_000,
	pairFactor: 4,
	pairCapMs: 256_000,
	/** 130429: 1, 2, 4 ... seconds for the number. */
	numberMs: 1_000,
	/** 131057: a throughput upgrade takes about a minute. */
	maintenanceMs: 60_000,
	/** 133015: a number that was just deleted needs five minutes. */
	deletedNumberMs: 5 * 60_000,
	/** 4, 80007, 613, HTTP 429: the windows are minutes to an hour. */
	accountMs: 60_000,
	/** 134101: templates sync within ten minutes. */
	templateSyncMs: 10 * 60_000,
	/** A paused template or its classification limit is lifted by Meta, and an event says so; this is the net. */
	templateHoldMs: 30 * 60_000,
	/** No wait of a retryable class grows beyond this, unless its first wait is longer. */
	capMs: 15 * 60_000,
} as const;

/** Attempts of a row that may consume attempts: with the cap above about an hour, well inside the 24-hour window. */
export const MAX_ATTEMPTS = { row: 8, pair: 8, templateSync: 6 } as const;
