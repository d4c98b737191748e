/** Rows a view answers with at most: beyond that a BI tool should read it under the tenant's own rights. */
export const VIEW_ROWS = 1_000;
