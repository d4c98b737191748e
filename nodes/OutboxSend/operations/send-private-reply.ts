import { sendPrivateReply } from '../../../core/outbox';
import { actorOf, fromItem, requiredText, showFor, tenantField, tenantId, type OperationCall } from '../../shared';
import { authorField } from '../message-fields';

export const description = showFor({ operation: ['sendPrivateReply'] }, [
	tenantField({ default: fromItem('tenantId') }),
	{
		displayName: 'Comment ID',
		name: 'commentId',
		type: 'string',
		required: true,
		default: fromItem('providerId'),
		description: 'The comment to answer, as Meta Trigger shows it; it must be less than 7 days old',
	},
	{
		displayName: 'Text',
		name: 'text',
		type: 'string',
		typeOptions: { rows: 3 },
		required: true,
		default: '',
		description: 'What to write, at most 1000 bytes; a comment takes one private reply and no second',
	},
	authorField,
]);

export async function execute({ context, database, itemIndex }: OperationCall): Promise<object> {
	const tenant = await tenantId(context, database, itemIndex);
	const commentId = requiredText({ context, itemIndex }, 'commentId');
	const reply = {
		commentId,
		text: context.getNodeParameter('text', itemIndex) as string,
		author: context.getNodeParameter('author', itemIndex) as 'human' | 'system',
	};
	return { tenantId: tenant, commentId, ...(await sendPrivateReply(database, tenant, reply, actorOf(context))) };
}
