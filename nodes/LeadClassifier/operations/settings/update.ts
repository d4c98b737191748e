import type { INodeProperties } from 'n8n-workflow';
import { updateLeadSettings, type LeadSettings } from '../../../../core/leads';
import { actorOf, showFor, tenantField, tenantId, type Operation } from '../../../shared';
import { filledIn, refuse } from '../../../shared/text';

const number = (name: string, displayName: string, value: number, maxValue: number, description: string) =>
	({
		displayName,
		name,
		type: 'number',
		typeOptions: { minValue: 0, maxValue, numberPrecision: Number.isInteger(maxValue) && maxValue > 1 ? 0 : 2 },
		default: value,
		description,
	}) satisfies INodeProperties;

const fields: INodeProperties[] = [
	{
		displayName: 'Analysis Language',
		name: 'analysisLanguage',
		type: 'options',
		options: [
			{ name: 'English', value: 'en' },
			{ name: 'Portuguese', value: 'pt-BR' },
		],
		default: 'pt-BR',
		description: 'Language in which the model gives its reasons',
	},
	{
		displayName: 'Answered Classes',
		name: 'answeredClasses',
		type: 'multiOptions',
		options: [
			{ name: 'Disqualified', value: 'DESQUALIFICADO' },
			{ name: 'Lead: Cold', value: 'LEAD_COLD' },
			{ name: 'Lead: Hot', value: 'LEAD_HOT' },
			{ name: 'Lead: Warm', value: 'LEAD_WARM' },
		],
		default: ['LEAD_HOT', 'LEAD_WARM', 'LEAD_COLD'],
		description: 'Classes that the agent answers; personal messages and spam never are',
	},
	{
		displayName: 'Ask Model',
		name: 'modelEnabled',
		type: 'boolean',
		default: true,
		description: 'Whether a model is asked where the rules are unsure',
	},
	number('cold', 'Cold From', 20, 100, 'Score from which somebody is a cold lead'),
	number('explorationShare', 'Exploration Share', 0.05, 0.08, 'Share of leads just below hot that are treated as hot'),
	number('hot', 'Hot From', 70, 100, 'Score from which somebody is a hot lead, if a rule found the intent to buy'),
	number('hotCapacityPerDay', 'Hot Leads a Day', 20, 10_000, 'Hot leads that the team can take in a day'),
	number('hysteresis', 'Hysteresis', 5, 30, 'Points below a limit before hot or warm is lost'),
	{
		displayName: 'Learned Scorer',
		name: 'learnedScorerEnabled',
		type: 'boolean',
		default: true,
		description: 'Whether the score learned from outcomes is used where it beats the rules',
	},
	{
		displayName: 'Model',
		name: 'model',
		type: 'string',
		default: 'claude-haiku-4-5',
		description: 'Name of the model that is asked',
	},
	{
		displayName: 'Model API',
		name: 'modelApi',
		type: 'options',
		options: [
			{ name: 'Chat Completions (OpenAI and Compatible)', value: 'chat_completions' },
			{ name: 'Messages (Anthropic)', value: 'messages' },
			{ name: 'Responses (OpenAI)', value: 'responses' },
		],
		default: 'messages',
		description: 'How the model is spoken to',
	},
	{
		displayName: 'Model Provider',
		name: 'modelProvider',
		type: 'options',
		options: [
			{ name: 'Anthropic', value: 'anthropic' },
			{ name: 'OpenAI', value: 'openai' },
		],
		default: 'anthropic',
		description: 'Whose credential of this node is used',
	},
	number('scoreHalfLifeDays', 'Score Half-Life', 30, 365, 'Days after which half of a person’s intent has faded'),
	number('unsureBelow', 'Unsure Below', 0.6, 1, 'Confidence of the rules below which the model is asked; 0 never'),
	number('warm', 'Warm From', 45, 100, 'Score from which somebody is a warm lead'),
];

export const description: Operation['description'] = showFor({ resource: ['settings'], operation: ['update'] }, [
	tenantField(),
	{
		displayName: 'Update Fields',
		name: 'updateFields',
		type: 'collection',
		placeholder: 'Add Field',
		default: {},
		options: fields,
	},
]);

export const execute: Operation['execute'] = async (call) => {
	const change = filledIn(call, 'updateFields') as Partial<LeadSettings>;
	if (Object.keys(change).length === 0) throw refuse('updateFields', 'is empty. Add what should change.');
	const tenant = await tenantId(call.context, call.database, call.itemIndex);
	return { tenantId: tenant, ...(await updateLeadSettings(call.database, tenant, change, actorOf(call.context))) };
};
