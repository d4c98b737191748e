import { sendDirect, type DirectMessage } from '../../../core/outbox';
import { actorOf, locatorId, showFor, tenantId, type OperationCall } from '../../shared';
import { contentFields, contentOf } from '../content-fields';
import { authorField, fallbackField, idempotencyField, recipientFields } from '../message-fields';

export const description = showFor({ operation: ['sendMessage'] }, [
	...recipientFields,
	...contentFields,
	authorField,
	fallbackField,
	idempotencyField,
]);

export async function execute(call: OperationCall): Promise<object> {
	const { context, database, itemIndex } = call;
	const tenant = await tenantId(context, database, itemIndex);
	const conversationId = locatorId(context, 'conversation', itemIndex);
	const message: DirectMessage = {
		conversationId,
		key: context.getNodeParameter('idempotencyKey', itemIndex) as string,
		content: contentOf(call),
		author: context.getNodeParameter('author', itemIndex) as DirectMessage['author'],
		fallbackCategory: context.getNodeParameter('fallbackCategory', itemIndex, 'window') as string,
	};
	return { tenantId: tenant, conversationId, ...(await sendDirect(database, tenant, message, actorOf(context))) };
}
