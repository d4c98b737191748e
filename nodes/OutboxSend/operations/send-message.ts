import { sendDirect, type DirectMessage } from '../../../core/outbox';
import { actorOf, locatorId, showFor, tenantId, type OperationCall } from '../../shared';
import { authorField, idempotencyField, recipientFields } from '../message-fields';

export const description = showFor({ operation: ['sendMessage'] }, [
	...recipientFields,
	{
		displayName: 'Text',
		name: 'text',
		type: 'string',
		typeOptions: { rows: 3 },
		required: true,
		default: '',
		description:
			'What to write; WhatsApp and Instagram take free text only within 24 hours of the last message of the contact',
	},
	authorField,
	idempotencyField,
]);

export async function execute({ context, database, itemIndex }: OperationCall): Promise<object> {
	const tenant = await tenantId(context, database, itemIndex);
	const conversationId = locatorId(context, 'conversation', itemIndex);
	const message: DirectMessage = {
		conversationId,
		key: context.getNodeParameter('idempotencyKey', itemIndex) as string,
		content: { text: context.getNodeParameter('text', itemIndex) as string },
		author: context.getNodeParameter('author', itemIndex) as DirectMessage['author'],
	};
	return { tenantId: tenant, conversationId, ...(await sendDirect(database, tenant, message, actorOf(context))) };
}
