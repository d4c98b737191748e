/** Seconds by which the clock of who signs may differ from ours: what Standard Webhooks recommends. */
export const TOLERANCE_SECONDS = 300;
/** Random bytes of a signing secret: 192 bits, what Standard Webhooks asks for at least. */
export const SECRET_BYTES = 24;
/** Milliseconds a receiver has to answer: it should store and answer, not work. */
export const NOTICE_TIMEOUT_MS = 10_000;
/** Seconds a claimed notice may take: time-out, name look-up and writing the result down, with room. */
export const NOTICE_LEASE_SECONDS = 60;
/** Tries of one notice: with the waits below about a day. */
export const MAX_NOTICE_ATTEMPTS = 10;
/** Seconds before the second try, by how much each further wait grows, and the longest wait. */
export const FIRST_RETRY_SECONDS = 5;
export const RETRY_FACTOR = 5;
export const MAX_RETRY_SECONDS = 21_600;
/** Share by which a wait is spread, so that receivers that came back are not met by all notices at once. */
export const RETRY_JITTER = 0.2;
/** Notices one claim hands out at most: they are sent side by side. */
export const MAX_NOTICE_CLAIM = 25;
/** Claims of one call at most. */
export const MAX_NOTICE_ROUNDS = 8;
/** Characters of a webhook that is signed or checked. */
export const MAX_WEBHOOK_BYTES = 1_000_000;
/** Rows a list returns at most. */
export const LIST_LIMIT = 100;
/** Hours for which notices are signed with the secret before a rotation too: a working day to bring the new one out. */
export const OLD_SECRET_HOURS = 24;
/** Notices one replay puts back at most. */
export const MAX_REPLAY = 500;
/** E-mails one claim hands out: an SMTP server takes them one after the other. */
export const MAX_MAIL_CLAIM = 25;
/** Seconds a claimed e-mail may take: longer than the workflow may run that sends it, so that nobody gets it twice. */
export const MAIL_LEASE_SECONDS = 900;
/** Tries of one e-mail, and seconds before the second: 5 min, 25 min, 2 h, 6 h, more than most mail servers are away. */
export const MAX_MAIL_ATTEMPTS = 5;
export const FIRST_MAIL_RETRY_SECONDS = 300;
/** Characters of a subject, and of one fact in the text. */
export const MAX_SUBJECT = 150;
export const MAX_FACT = 300;
/** Characters of an error that is kept. */
export const MAX_MAIL_ERROR = 200;
