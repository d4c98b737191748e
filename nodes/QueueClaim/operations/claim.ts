import { claimTurns, type ClaimedTurn } from '../../../core/conversations';
import { limitField, limitOf, type OperationCall, showFor, WORKER_ID } from '../../shared';

const CLAIM_LIMIT = 1;

export const description = showFor({ operation: ['claim'] }, [
	limitField({ default: CLAIM_LIMIT, description: 'Max number of turns to lease, each of another conversation' }),
]);

export async function execute({ context, database, itemIndex }: OperationCall): Promise<ClaimedTurn[]> {
	const limit = limitOf({ context, itemIndex });
	return await claimTurns(database, { workerId: WORKER_ID, limit });
}
