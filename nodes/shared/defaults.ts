/** Milliseconds for which a node goes on with a credential it has read: so long may a withdrawn app secret still open the door. */
export const CREDENTIAL_KEPT_MS = 5_000;
/** Milliseconds between two looks for a new secret while signatures do not fit: strangers must not make n8n decrypt at will. */
export const CREDENTIAL_REREAD_MS = 1_000;
/** Entries a list in the editor shows at once; more come by scrolling. */
export const LIST_PAGE = 50;
/** Entries a list reads at most to reach a page: beyond that, searching is the way. */
export const LIST_MAX = 500;
/** Items of a batch of turns that are worked on side by side: as many as one execution takes, because each waits for a model. */
export const TURNS_AT_ONCE = 20;
/** Rows a list operation returns unless told otherwise. */
export const DEFAULT_LIMIT = 50;
