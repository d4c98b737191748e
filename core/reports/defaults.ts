/** Rows a view answers with at most: beyond that a BI tool should read it under the tenant's own rights. */
export const VIEW_ROWS = 1_000;

/** Days of the tenant that one call of `roll_up_days` counts at most: a short transaction, some seconds at a million leads. */
export const ROLL_UP_DAYS = 10;
/** Minutes after which today and yesterday are counted again: a dashboard as old as a coffee. */
export const FRESH_MINUTES = 10;
/** Seconds that a run takes at most; what is left is counted by the next. */
export const ROLL_UP_SECONDS = 120;

/** Days a dashboard shows unless told, and at most: the funnel needs a month to mature, half a year shows a season. */
export const DASHBOARD_DAYS = 30;
export const MOST_DASHBOARD_DAYS = 180;
/** The operator's page looks at a week of every tenant; three months is what its statement bears. */
export const OPERATOR_DAYS = 7;
export const MOST_OPERATOR_DAYS = 90;
/** Tenants on the operator's page. */
export const OPERATOR_TENANTS = 500;

/** Lines of one text that a comparison reads: a prompt of more is cut, and says so. */
export const MOST_DIFF_LINES = 2_000;

/** What an answer to a model holds at most: it pays for each word, and loses the thread in long ones. */
export const ANSWER_BOUNDS = {
	people: 10,
	waiting: 10,
	channels: 10,
	/** Messages of a conversation, the newest. */
	messages: 20,
	/** Characters of one text. */
	characters: 300,
} as const;
