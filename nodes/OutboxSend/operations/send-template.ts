import { sendDirect, type DirectMessage, type TemplateValues } from '../../../core/outbox';
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
		description: 'Texts for {{1}}, {{2}} … of the template, in order; or for {{lead_name}} …, by name',
		options: [
			{
				displayName: 'Parameter',
				name: 'parameter',
				values: [
					{
						displayName: 'Variable',
						name: 'name',
						type: 'string',
						default: '',
						placeholder: 'lead_name',
						description: 'Name of the place, without braces; empty where places are numbered',
					},
					{ displayName: 'Text', name: 'text', type: 'string', default: '', description: 'Text for this place' },
				],
			},
		],
	},
	{
		displayName: 'More',
		name: 'templateOptions',
		type: 'collection',
		placeholder: 'Add Field',
		default: {},
		options: [
			{
				displayName: 'Button Address',
				name: 'button',
				type: 'string',
				default: '',
				description: 'The end of the address behind a button, where the template has such a place',
			},
			{
				displayName: 'Header',
				name: 'header',
				type: 'string',
				default: '',
				description: 'Text of the header, or the public address of its picture, video or document',
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
		parameter?: Array<{ name?: string; text: string }>;
	};
	const { header, button } = context.getNodeParameter('templateOptions', itemIndex, {}) as TemplateValues;
	const isNamed = ({ name }: { name?: string }): boolean => (name ?? '').trim() !== '';
	const values: TemplateValues = {
		parameters: parameter.filter((one) => !isNamed(one)).map(({ text }) => text),
		values: Object.fromEntries(parameter.filter(isNamed).map(({ name, text }) => [name!.trim(), text])),
		header: header || undefined,
		button: button || undefined,
	};
	const message: DirectMessage = {
		conversationId,
		key: context.getNodeParameter('idempotencyKey', itemIndex) as string,
		content: { templateId: locatorId(context, 'template', itemIndex), ...values },
		author: context.getNodeParameter('author', itemIndex) as DirectMessage['author'],
	};
	return { tenantId: tenant, conversationId, ...(await sendDirect(database, tenant, message, actorOf(context))) };
}
