/** Rows a list returns at most. */
export const LIST_LIMIT = 100;
/** Characters of a stage's name, and of who moved. */
export const MAX_NAME_CHARS = 100;
