import { saveTemplate, type NewTemplate } from '../../../../core/outbox';
import { actorOf, showFor, tenantField, tenantId, type Operation } from '../../../shared';
import { toItem } from '../../../shared/rows';
import { asText, filledIn, refuse, requiredText } from '../../../shared/text';

export const description: Operation['description'] = showFor({ resource: ['template'], operation: ['save'] }, [
	tenantField(),
	{
		displayName: 'Name',
		name: 'name',
		type: 'string',
		required: true,
		default: '',
		description: 'Name within the factory; a template of that name and language is changed',
	},
	{
		displayName: 'Category',
		name: 'category',
		type: 'options',
		options: [
			{ name: 'Apology', value: 'apology', description: 'When the model is away' },
			{ name: 'Closing', value: 'closing' },
			{ name: 'Follow-Up', value: 'follow-up' },
			{ name: 'Greeting', value: 'greeting' },
			{ name: 'Lead Ad', value: 'lead_ad', description: 'First words to who filled in a form' },
			{ name: 'Objection', value: 'objection' },
			{ name: 'Other', value: 'other' },
			{ name: 'Proposal', value: 'proposal' },
			{ name: 'Reminder', value: 'reminder', description: 'About an appointment' },
			{
				name: 'Window',
				value: 'window',
				description: 'When 24 hours have passed since the last message of the contact',
			},
		],
		default: 'follow-up',
		description: 'What the template is used for',
	},
	{
		displayName: 'Content',
		name: 'content',
		type: 'string',
		typeOptions: { rows: 4 },
		required: true,
		default: '',
		description: 'The text, with {{lead_name}}, {{company}} … or {{1}}, {{2}} … where values go',
	},
	{
		displayName: 'Language',
		name: 'language',
		type: 'string',
		required: true,
		default: 'pt_BR',
		description: 'Language code as Meta writes it',
	},
	{
		displayName: 'Additional Fields',
		name: 'additionalFields',
		type: 'collection',
		placeholder: 'Add Field',
		default: {},
		options: [
			{
				displayName: 'Components',
				name: 'components',
				type: 'json',
				default: '[]',
				description: 'Components of the approved template, as a JSON list in Meta’s form',
			},
			{
				displayName: 'Meta Category',
				name: 'metaCategory',
				type: 'options',
				options: [
					{ name: 'Authentication', value: 'AUTHENTICATION' },
					{ name: 'Marketing', value: 'MARKETING' },
					{ name: 'Utility', value: 'UTILITY' },
				],
				default: 'UTILITY',
				description: 'Category that Meta approved it in',
			},
			{
				displayName: 'Meta Name',
				name: 'metaName',
				type: 'string',
				default: '',
				description:
					'Name of the template in WhatsApp Manager; without it the template cannot leave the 24-hour window',
			},
			{
				displayName: 'Meta Status',
				name: 'metaStatus',
				type: 'options',
				options: [
					{ name: 'Approved', value: 'APPROVED' },
					{ name: 'Disabled', value: 'DISABLED' },
					{ name: 'Local', value: 'LOCAL', description: 'Not known to Meta' },
					{ name: 'Paused', value: 'PAUSED' },
					{ name: 'Pending', value: 'PENDING' },
					{ name: 'Rejected', value: 'REJECTED' },
				],
				default: 'LOCAL',
				description: 'What Meta says about it; status webhooks of Meta keep it current',
			},
		],
	},
]);

export const execute: Operation['execute'] = async (call) => {
	const tenant = await tenantId(call.context, call.database, call.itemIndex);
	const more = filledIn(call, 'additionalFields');
	const template: NewTemplate = {
		name: requiredText(call, 'name'),
		category: requiredText(call, 'category'),
		content: requiredText(call, 'content'),
		language: requiredText(call, 'language'),
		metaName: asText(more.metaName).trim() || null,
		metaCategory: (more.metaCategory as NewTemplate['metaCategory']) ?? null,
		metaStatus: (more.metaStatus as string | undefined) ?? null,
		components: more.components === undefined ? undefined : componentsOf(more.components),
	};
	return toItem(await saveTemplate(call.database, tenant, template, actorOf(call.context)));
};

function componentsOf(given: unknown): unknown[] {
	const parsed = typeof given === 'string' ? parse(given) : given;
	if (!Array.isArray(parsed)) throw refuse('components', 'is not a JSON list. Write e.g. [].');
	return parsed;
}

function parse(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		throw refuse('components', 'is not JSON. Write a list, e.g. [].');
	}
}
