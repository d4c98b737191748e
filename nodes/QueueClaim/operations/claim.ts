import { claimTurns, type ClaimedTurn } from '../../../core/conversations';
import { itemJson, limitField, limitOf, type OperationCall, placeNotice, showFor, WORKER_ID } from '../../shared';

/** As many as Queue Trigger gives one execution. */
const CLAIM_LIMIT = 20;

export const description = showFor({ operation: ['claim'] }, [
	placeNotice(
		'Stands behind a Queue Trigger that watches conversation turns. Workflow 20 shows it with all that follows: import it rather than building it anew.',
	),
	limitField({
		default: CLAIM_LIMIT,
		description: 'Max number of turns to lease, each of another conversation; fewer where Queue Trigger says so',
	}),
]);

export const whenEmpty =
	'No turn is due. A message must have come through Meta Trigger, and the pause that gathers several into one must be over.';

export async function execute({ context, database, itemIndex }: OperationCall): Promise<ClaimedTurn[]> {
	const { take } = itemJson(context, itemIndex);
	const wished = typeof take === 'number' && take >= 1 ? take : Number.POSITIVE_INFINITY;
	const limit = Math.min(limitOf({ context, itemIndex }), wished);
	return await claimTurns(database, { workerId: WORKER_ID, limit });
}
