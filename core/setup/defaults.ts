/** Which links open the checklist. */
export const CHECKLIST_PURPOSE = 'setup-checklist';
/** Hours that its link lives: an installation is done in a day, or begun anew. */
export const CHECKLIST_HOURS = 24;
/** Seconds after which the page looks again by itself, for who wants that. */
export const CHECKLIST_REFRESH_SECONDS = 5;
