import { createGraphClient, GRAPH_BASE_URL, GRAPH_VERSION, type GraphClient } from '../../../core/meta';
import { deliverDue, type Delivery } from '../../../core/outbox';
import { limitField, nodeVault, showFor, WORKER_ID, type OperationCall } from '../../shared';
import type { MetaAppCredential } from '../../shared/meta-app';

/** Messages one execution sends, side by side; the same as Queue Trigger's lanes an execution. */
const DELIVER_LIMIT = 25;

export const description = showFor({ operation: ['deliverDue'] }, [
	limitField({ default: DELIVER_LIMIT, description: 'Max number of messages to send, each of another conversation' }),
]);

export async function execute({ context, database, itemIndex }: OperationCall): Promise<Delivery[]> {
	const limit = context.getNodeParameter('limit', itemIndex) as number;
	const graph = graphOf(await context.getCredentials<MetaAppCredential>('metaAppApi'));
	const vault = await nodeVault(context);
	return await deliverDue(database, { graph, vault, random: Math.random }, { workerId: WORKER_ID, limit });
}

const graphOf = ({ graphBaseUrl, graphVersion }: MetaAppCredential): GraphClient =>
	createGraphClient({
		fetch: globalThis.fetch,
		baseUrl: graphBaseUrl?.trim() || GRAPH_BASE_URL,
		version: graphVersion?.trim() || GRAPH_VERSION,
	});
