const camelCase = (name: string): string => name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

/** A database row as an item: camelCase fields, times as ISO 8601. */
export const toItem = (row: object): Record<string, unknown> =>
	Object.fromEntries(
		Object.entries(row).map(([name, value]) => [camelCase(name), value instanceof Date ? value.toISOString() : value]),
	);

export const toItems = (rows: readonly object[]): Array<Record<string, unknown>> => rows.map(toItem);
