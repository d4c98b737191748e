/** Messages and classifications one export holds at most: some tens of megabytes; beyond it says that it is not complete. */
export const EXPORT_ROWS = 20_000;
/** Receipts a list returns at most. */
export const LIST_LIMIT = 100;
