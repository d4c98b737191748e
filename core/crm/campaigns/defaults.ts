/** Hours of silence before a follow-up: under 24, so that it may be free text. */
export const SILENT_HOURS = 23;
/** Follow-ups of a silence at most, and hours between two. */
export const MAX_FOLLOWUPS = 2;
export const GAP_HOURS = 48;
/** Quiet hours of the tenant's zone unless set. */
export const QUIET_FROM = '20:00';
export const QUIET_TO = '08:00';
/** Messages of a campaign in an hour and a day unless set: a new number starts small. */
export const HOURLY_CAP = 60;
export const DAILY_CAP = 250;
/** Leads of a campaign at most. */
export const CAMPAIGN_LEADS_MAX = 20_000;
/** Messages that one call queues of a campaign, follow-ups of a tenant, and tenants it looks at. */
export const CAMPAIGN_BATCH = 50;
export const FOLLOWUP_BATCH = 50;
export const TENANTS_MAX = 200;
/** Rows a list operation returns at most. */
export const LIST_LIMIT = 200;
/** Rules of a tenant at most. */
export const RULES_MAX = 50;
/** Days that a funnel covers at most. */
export const FUNNEL_DAYS_MAX = 366;
