/**
 * Operations that may travel: numbers, enumerated words and templates of ours. A keyword, an alias or a sentence is somebody's text; a model,
 * a scorer and a range of followers say who somebody is. The database checks the same.
 */
export const SHAREABLE_OPERATIONS = ['set_threshold', 'add_rule', 'config_change'] as const;

/** What refresh_practices takes; the database never goes below its own tenants, leads and changedTenants. */
export const FLOOR = {
	/** Tenants that must stand behind a practice whoever of them is left out: so one more than these. */
	tenants: 5,
	/** Matured leads of each of them: fewer say nothing of a tenant, and too much of its people. */
	leads: 200,
	/** Tenants that came, left, or grew by `leads` before figures are published anew: two publications never differ by one. */
	changedTenants: 3,
	/** Days after which a lead without an outcome counts as lost, as in the loop. */
	horizonDays: 30,
} as const;

/** Milliseconds of one refresh: it reads every roll-out of every tenant that shares, once a week. */
export const REFRESH_MS = 280_000;

/** Where evidence may come from. WhatsApp is not in it and cannot be: Meta's terms. */
export const SOURCES = ['instagram', 'messenger'] as const;
export type Source = (typeof SOURCES)[number];

/** Days for which a practice that was offered is not offered again: a quarter, in which the business may have changed. */
export const OFFER_AGAIN_DAYS = 90;
/** Offers that one run stores for one tenant: a person reads each of them. */
export const OFFERS_A_RUN = 5;

/** Which links open the page. */
export const PRACTICES_PURPOSE = 'shared-practices';
/** Receipts that the page shows. */
export const RECEIPTS_SHOWN = 50;

/** The job that takes a practice back at one tenant, and how many one run does at most. */
export const REVERT_JOB = 'practice.revert';
export const REVERTS_A_RUN = 50;
/** Who does it, in logs. */
export const PRACTICES_ACTOR = 'shared-practices';
