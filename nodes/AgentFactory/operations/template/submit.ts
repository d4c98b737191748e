import { submitTemplate, type Submission } from '../../../../core/outbox';
import { actorOf, locatorField, locatorId, showFor, tenantField, tenantId, type Operation } from '../../../shared';
import { toItem } from '../../../shared/rows';
import { textOf } from '../../../shared/text';
import { channelAccountField } from '../../fields';
import { askMetaField, templatePorts } from './ports';

export const description: Operation['description'] = showFor({ resource: ['template'], operation: ['submit'] }, [
	tenantField(),
	locatorField({
		displayName: 'Template',
		name: 'template',
		description: 'The ready text to hand to Meta for review',
		searchMethod: 'searchTemplates',
	}),
	channelAccountField(),
	{
		displayName: 'Category at Meta',
		name: 'metaCategory',
		type: 'options',
		options: [
			{ name: 'Authentication', value: 'AUTHENTICATION', description: 'Codes to log in' },
			{ name: 'Marketing', value: 'MARKETING', description: 'Offers, news, follow-up that sells' },
			{ name: 'Utility', value: 'UTILITY', description: 'About something that the person has asked for or booked' },
		],
		default: 'UTILITY',
		description: 'What the template is for: Meta checks it, bills by it and may change it',
	},
	{
		displayName: 'Name at Meta',
		name: 'metaName',
		type: 'string',
		default: '',
		placeholder: 'appointment_reminder',
		description: 'Lower-case letters, digits and underscores; empty makes it from the name of the template',
	},
	{
		displayName: 'Examples',
		name: 'examples',
		type: 'fixedCollection',
		typeOptions: { multipleValues: true },
		placeholder: 'Add example',
		default: {},
		description: "What Meta's reviewer reads in the places of the text, such as {{lead_name}}",
		options: [
			{
				displayName: 'Example',
				name: 'example',
				values: [
					{ displayName: 'Variable', name: 'name', type: 'string', default: '', description: 'Without the braces' },
					{ displayName: 'Example', name: 'value', type: 'string', default: '', description: 'A value as it could be' },
				],
			},
		],
	},
	askMetaField,
]);

export const execute: Operation['execute'] = async (call) => {
	const { context, itemIndex, database } = call;
	const tenant = await tenantId(context, database, itemIndex);
	const { example = [] } = context.getNodeParameter('examples', itemIndex, {}) as {
		example?: Array<{ name: string; value: string }>;
	};
	const submission: Submission = {
		templateId: locatorId(context, 'template', itemIndex),
		channelAccountId: locatorId(context, 'channelAccount', itemIndex),
		category: context.getNodeParameter('metaCategory', itemIndex) as Submission['category'],
		metaName: textOf(call, 'metaName') ?? null,
		examples: Object.fromEntries(example.map(({ name, value }) => [name.trim(), value])),
	};
	const row = await submitTemplate(database, await templatePorts(context), tenant, submission, actorOf(context));
	return { tenantId: tenant, ...toItem(row) };
};
