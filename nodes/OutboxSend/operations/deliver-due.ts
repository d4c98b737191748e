import { createGraphClient } from '../../../core/meta';
import { deliverDue, type Delivery } from '../../../core/outbox';
import {
	graphSettings,
	keptCredential,
	limitField,
	limitOf,
	type MetaAppCredential,
	nodeVault,
	type OperationCall,
	showFor,
	WORKER_ID,
} from '../../shared';

/** Messages one execution sends, side by side; the same as Queue Trigger's lanes an execution. */
const DELIVER_LIMIT = 25;

export const description = showFor({ operation: ['deliverDue'] }, [
	limitField({ default: DELIVER_LIMIT, description: 'Max number of messages to send, each of another conversation' }),
]);

export const whenEmpty =
	'Nothing is due. A message waits here for its turn, for its hour, or for an account that is paused: see Channel Account > Get Many.';

export async function execute({ context, database, itemIndex }: OperationCall): Promise<Delivery[]> {
	const limit = limitOf({ context, itemIndex });
	const graph = createGraphClient(graphSettings(await keptCredential<MetaAppCredential>(context, 'metaAppApi')));
	const vault = await nodeVault(context);
	return await deliverDue(database, { graph, vault, random: Math.random }, { workerId: WORKER_ID, limit });
}
