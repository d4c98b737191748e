/** Days that a verdict link works: a seller gets to it within the week, or the lead is cold. */
export const VERDICT_LINK_DAYS = 7;
/** Random bytes that make a link's outcomes its own: tapping twice is one outcome. */
export const LINK_NONCE_BYTES = 9;
/** Characters of a name, key or stage that an outcome may carry. */
export const MAX_NAME_CHARS = 200;
/** Days after which a lead that was not won counts as lost, unless the tenant's own delays say otherwise. */
export const HORIZON_DAYS = 30;
/** Rows a list returns at most. */
export const LIST_LIMIT = 100;
