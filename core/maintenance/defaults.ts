import type { Retention } from './run';

/** Days that finished things are kept. A tenant may shorten the life of its texts: tenants.message_retention_days. */
export const RETENTION: Retention = {
	/** A status whose message nobody knows: Meta answers a send within seconds, and repeats for a week. */
	lostStatusDays: 7,
	/** An answered queue row says nothing that turns and messages do not; a day to look at it. */
	finishedQueueDays: 1,
	/** Dead letters wait for a person; after three months nobody could be answered. */
	deadLetterDays: 90,
	/** Send jobs: Meta reports statuses for up to 30 days, and the idempotency key holds as long as the row. */
	settledSendDays: 35,
	/** Raw webhook items: as long as Meta repeats a delivery, which is as long as one looks for a fault in it. */
	eventPayloadDays: 7,
	/** Keys that make a redelivery a duplicate. Meta repeats for 7 days; the database keeps 30 at least. */
	eventKeyDays: 35,
	/** Jobs that are done: as long their key keeps them from being done again. */
	finishedJobDays: 90,
	/** Words of people who turned out to be spam: a week to see whether the class was right. */
	spamTextDays: 7,
	/** Words of family, friends and staff are not kept; the night after the next takes them. */
	personalTextDays: 1,
	/** Turns, model calls and the audit log: a year to compare with, and a month to do it. */
	ledgerDays: 400,
};

/** Fewest days of `eventKeyDays`: run_maintenance keeps as many whatever it is told. */
export const MIN_EVENT_KEY_DAYS = 30;
/** Rows of one step: some 50 ms and one short transaction, so that nobody waits for it. */
export const STEP_ROWS = 2_000;
/** Seconds that a run takes at most; what is left is done the next night. */
export const RUN_SECONDS = 600;

/** Dead rows that are worth a word: more than this many and more than this share of a table. */
export const DEAD_ROWS = 50_000;
export const DEAD_SHARE = 0.2;
/** Seconds after which an open transaction is named: it keeps every dead row since then from being removed. */
export const OLD_TRANSACTION_SECONDS = 3_600;
