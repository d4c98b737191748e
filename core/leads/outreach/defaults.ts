/** Rows one import takes: what a person can check, and a few MB of JSON. */
export const IMPORT_MAX_ROWS = 10_000;
/** Leads one run takes: its rows are counted whenever somebody looks at it. */
export const RUN_MAX_LEADS = 10_000;
/** Leads one batch writes to; the caps of the run are usually lower. */
export const BATCH_MAX = 100;
/** Open runs one call works on. */
export const OPEN_RUNS_MAX = 50;
/** Rows a list returns at most. */
export const LIST_MAX = 1_000;

/** What a run does unless told otherwise. Meta counts no such messages; people who report an account do. */
export const RUN_DEFAULTS = {
	/** Messages an account starts in 60 minutes. */
	hourlyCap: 20,
	/** Messages an account starts in a day of the tenant's time zone. */
	dailyCap: 100,
	/** Nobody is written to between these two, by the tenant's clock. */
	quietFrom: '21:00',
	quietTo: '08:00',
	/** Share of failed sends beyond which a run stops. */
	maxErrorShare: 0.2,
} as const;

/** Sends that must have ended before their share of failures says anything. */
export const ERROR_SHARE_FROM = 10;
/** Seconds before the end of the 24 hours at which a lead counts as too late: the message must still get out. */
export const WINDOW_MARGIN_SECONDS = 300;

/** Instagram's own limit of a username. */
export const USERNAME_MAX_CHARS = 30;
/** Longest texts an import keeps: a bio has 150 characters, a name 64; the columns are the seeds'. */
export const NAME_MAX_CHARS = 255;
export const BIO_MAX_CHARS = 2_000;
export const URL_MAX_CHARS = 500;
export const SOURCE_MAX_CHARS = 100;
export const TAGS_MAX = 20;
export const TAG_MAX_CHARS = 50;
export const CAMPAIGN_MAX_CHARS = 100;
/** Templates that may take turns in a run. */
export const TEMPLATES_MAX = 10;
/** Largest count a column holds. */
export const COUNT_MAX = 2_147_483_647;
