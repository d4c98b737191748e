import { refuse, type OperationCall } from '../shared';

/** The horizon field: whole days. */
export function horizonOf({ context, itemIndex }: OperationCall): number {
	const days = Number(context.getNodeParameter('horizonDays', itemIndex));
	if (!Number.isInteger(days) || days < 1 || days > 3650)
		throw refuse('horizonDays', 'must be a whole number of days. Correct it.');
	return days;
}
