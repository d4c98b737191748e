import { sendDirect, type DirectMessage } from '../../../core/outbox';
import { actorOf, locatorField, locatorId, showFor, tenantId, type OperationCall } from '../../shared';
import { authorField, idempotencyField, recipientFields } from '../message-fields';

export const description = showFor({ operation: ['sendTemplate'] }, [
	...recipientFields,
	locatorField({
		displayName: 'Template',
		name: 'template',
		description: 'An approved template of the tenant',
		searchMethod: 'searchTemplates',
	}),
	{
		displayName: 'Parameters',
		name: 'templateParameters',
		type: 'fixedCollection',
		typeOptions: { multipleValues: true, sortable: true },
		placeholder: 'Add parameter',
		default: {},
		description: 'Texts for {{1}}, {{2}} … of the template, in order',
		options: [
			{
				displayName: 'Parameter',
				name: 'parameter',
				values: [
					{ displayName: 'Text', name: 'text', type: 'string', default: '', description: 'Text for this place' },
				],
			},
		],
	},
	authorField,
	idempotencyField,
]);

export async function execute({ context, database, itemIndex }: OperationCall): Promise<object> {
	const tenant = await tenantId(context, database, itemIndex);
	const conversationId = locatorId(context, 'conversation', itemIndex);
	const { parameter = [] } = context.getNodeParameter('templateParameters', itemIndex, {}) as {
		parameter?: Array<{ text: string }>;
	};
	const message: DirectMessage = {
		conversationId,
		key: context.getNodeParameter('idempotencyKey', itemIndex) as string,
		content: { templateId: locatorId(context, 'template', itemIndex), parameters: parameter.map(({ text }) => text) },
		author: context.getNodeParameter('author', itemIndex) as DirectMessage['author'],
	};
	return { tenantId: tenant, conversationId, ...(await sendDirect(database, tenant, message, actorOf(context))) };
}
