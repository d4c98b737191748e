import { addKnownContact, type NewKnownContact } from '../../../../core/leads';
import { actorOf, showFor, tenantField, tenantId, type Operation } from '../../../shared';
import { toItem } from '../../../shared/rows';
import { asText, filledIn, requiredText } from '../../../shared/text';
import { whoFields } from './fields';

export const description: Operation['description'] = showFor({ resource: ['knownContact'], operation: ['add'] }, [
	tenantField(),
	...whoFields,
	{
		displayName: 'Contact Type',
		name: 'contactType',
		type: 'options',
		options: [
			{ name: 'Client', value: 'cliente', description: 'Goes to a person of the team' },
			{ name: 'Family', value: 'familia', description: 'Left alone' },
			{ name: 'Friend', value: 'amigo', description: 'Left alone' },
			{ name: 'Other', value: 'outro', description: 'Left alone' },
			{ name: 'Partner', value: 'socio', description: 'Left alone' },
			{ name: 'Staff', value: 'equipe', description: 'Left alone' },
			{ name: 'Supplier', value: 'fornecedor', description: 'Left alone' },
		],
		default: 'cliente',
		description: 'Who it is to the business',
	},
	{
		displayName: 'Additional Fields',
		name: 'additionalFields',
		type: 'collection',
		placeholder: 'Add Field',
		default: {},
		options: [
			{
				displayName: 'Analyse All the Same',
				name: 'analyse',
				type: 'boolean',
				default: false,
				description: 'Whether the messages are classified like those of a stranger; they are still not answered',
			},
			{
				displayName: 'Answer Automatically',
				name: 'autoRespond',
				type: 'boolean',
				default: false,
				description: 'Whether the agent may answer this person',
			},
			{
				displayName: 'Classify As',
				name: 'autoClassifyAs',
				type: 'options',
				options: [
					{ name: 'Disqualified', value: 'DESQUALIFICADO' },
					{ name: 'Lead: Cold', value: 'LEAD_COLD' },
					{ name: 'Lead: Hot', value: 'LEAD_HOT' },
					{ name: 'Lead: Warm', value: 'LEAD_WARM' },
					{ name: 'Personal', value: 'PESSOAL' },
					{ name: 'Spam', value: 'SPAM' },
					{ name: 'VIP Client', value: 'CLIENTE_VIP' },
				],
				default: 'PESSOAL',
				description: 'Class of this person without asking anybody',
			},
			{
				displayName: 'Full Name',
				name: 'fullName',
				type: 'string',
				default: '',
				description: 'Name of the person',
			},
			{
				displayName: 'Notes',
				name: 'notes',
				type: 'string',
				typeOptions: { rows: 2 },
				default: '',
				description: 'For the team',
			},
			{
				displayName: 'Tags',
				name: 'tags',
				type: 'string',
				default: '',
				placeholder: 'vip, 2026',
				description: 'Words to find the person by, separated by commas',
			},
		],
	},
]);

export const execute: Operation['execute'] = async (call) => {
	const tenant = await tenantId(call.context, call.database, call.itemIndex);
	const more = filledIn(call, 'additionalFields');
	const contact = {
		platform: requiredText(call, 'platform'),
		username: requiredText(call, 'username'),
		contactType: requiredText(call, 'contactType'),
		fullName: asText(more.fullName).trim() || null,
		notes: asText(more.notes).trim() || null,
		tags: asText(more.tags)
			.split(',')
			.map((tag) => tag.trim())
			.filter((tag) => tag !== ''),
		autoClassifyAs: more.autoClassifyAs,
		skipAiAnalysis: more.analyse !== true,
		autoRespond: more.autoRespond === true,
	};
	return toItem(await addKnownContact(call.database, tenant, contact as NewKnownContact, actorOf(call.context)));
};
