/** Entries a list in the editor shows at once; more come by scrolling. */
export const LIST_PAGE = 50;
/** Entries a list reads at most to reach a page: beyond that, searching is the way. */
export const LIST_MAX = 500;
/** Rows a list operation returns unless told otherwise. */
export const DEFAULT_LIMIT = 50;
