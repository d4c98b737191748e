/** Entries a list in the editor shows at once; more come by scrolling. */
export const LIST_PAGE = 50;
/** Entries a list reads at most to reach a page: beyond that, searching is the way. */
export const LIST_MAX = 500;
/** Items of a batch of turns that are worked on side by side: as many as one execution takes, because each waits for a model. */
export const TURNS_AT_ONCE = 20;
/** Rows a list operation returns unless told otherwise. */
export const DEFAULT_LIMIT = 50;
