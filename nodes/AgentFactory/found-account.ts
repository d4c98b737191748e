import { FactoryError } from '../../core/errors';

/** The row of a change; none means that the tenant has no such account. */
export function found(row: Record<string, unknown> | undefined, account: string): Record<string, unknown> {
	if (row) return row;
	throw new FactoryError(
		'NOT_FOUND',
		`Field "channelAccount": the tenant has no channel account ${account}. Pick one from the list.`,
		{ item: account },
	);
}
