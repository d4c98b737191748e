/** Seconds a time is held while the calendar is asked: more than every call and renewal of one booking together may take. */
export const HOLD_SECONDS = 120;
/** Times a booking begins again because what stood in its way turned out to be nothing. */
export const HOLD_TRIES = 3;
/** Days that one look at a calendar may cover. */
export const MAX_RANGE_DAYS = 31;
/** Free times that are told at most: more than anybody reads out. */
export const MAX_SLOTS = 60;
/** Days looked at when nobody says up to when. */
export const DEFAULT_RANGE_DAYS = 7;
/** Minutes of an appointment at most. */
export const MAX_DURATION_MINUTES = 480;
/** Characters of a title or note that go to a calendar. */
export const TITLE_CHARACTERS = 200;
export const NOTES_CHARACTERS = 2_000;
/** Bookings that are read to find the one of ours. */
export const FIND_LIMIT = 100;
/** Minutes around a time within which a lost booking is looked for. */
export const FIND_AROUND_MINUTES = 60;
/** Seconds between two questions what people changed in a calendar: as often as workflow 71 runs. */
export const SYNC_EVERY_SECONDS = 600;
/** Events a page, and pages that one question reads at most. */
export const SYNC_PAGE = 250;
export const SYNC_PAGES = 10;
/** Appointments to come that one question compares, and how many it looks up one by one. */
export const SYNC_LIMIT = 200;
export const SYNC_SINGLE = 30;
/** Rows a list operation returns at most. */
export const LIST_LIMIT = 100;
/** The version of Cal.com's API whose shapes we speak, by part. */
export const CAL_COM_BOOKINGS_VERSION = '2024-08-13';
export const CAL_COM_SLOTS_VERSION = '2024-09-04';
/** Hours after the last message of a customer in which free text may be sent, less a margin for the way. */
export const WINDOW_HOURS = 23.9;
/** Bookings followed from one that was moved to the one it became. */
export const MAX_HOPS = 5;
