import { claimTurns, type ClaimedTurn } from '../../../core/conversations';
import { limitField, showFor, WORKER_ID, type OperationCall } from '../../shared';

const CLAIM_LIMIT = 1;

export const description = showFor({ operation: ['claim'] }, [
	limitField({ default: CLAIM_LIMIT, description: 'Max number of turns to lease, each of another conversation' }),
]);

export async function execute({ context, database, itemIndex }: OperationCall): Promise<ClaimedTurn[]> {
	const limit = context.getNodeParameter('limit', itemIndex) as number;
	return await claimTurns(database, { workerId: WORKER_ID, limit });
}
