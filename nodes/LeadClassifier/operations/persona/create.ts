import type { INodeProperties } from 'n8n-workflow';
import { createPersonaVersion, type NewPersona } from '../../../../core/leads';
import { actorOf, showFor, tenantField, tenantId, type Operation } from '../../../shared';
import { toItem } from '../../../shared/rows';
import { asText, filledIn, refuse } from '../../../shared/text';

const LISTS: Record<string, [displayName: string, description: string]> = {
	idealBusinessTypes: ['Ideal Business Types', 'Kinds of business that buy'],
	idealJobTitles: ['Ideal Job Titles', 'Roles of those who decide'],
	idealNiches: ['Ideal Niches', 'Fields in which customers are found'],
	mainPainPoints: ['Main Pain Points', 'What customers suffer from'],
	negativeKeywords: ['Negative Keywords', 'Words that speak against somebody'],
	positiveKeywords: ['Positive Keywords', 'Words that speak for somebody'],
	serviceAreas: ['Service Areas', 'Cities, states or countries served; empty for everywhere'],
	solutionsOffered: ['Solutions Offered', 'What the business does about it'],
};
const TEXTS: Record<string, [displayName: string, description: string]> = {
	aiClassificationPrompt: [
		'AI Classification Prompt',
		'What the model should know about fit; it cannot change the rules',
	],
	aiResponsePrompt: ['AI Response Prompt', 'How the business answers its leads'],
	brandVoice: ['Brand Voice', 'How the brand speaks'],
	businessType: ['Business Type', 'What the business is'],
	messageStyle: ['Message Style', 'How messages are written'],
	productService: ['Product or Service', 'What is sold'],
	targetAudience: ['Target Audience', 'Who should buy'],
	valueProposition: ['Value Proposition', 'Why they should'],
};
const NUMBERS: Record<string, [displayName: string, description: string]> = {
	maxFollowers: ['Max Followers', 'Most followers of a typical customer on Instagram'],
	minFollowers: ['Min Followers', 'Fewest followers of a typical customer on Instagram'],
};

const fields: INodeProperties[] = [
	...Object.entries(LISTS).map(([name, [displayName, description]]) => ({
		displayName,
		name,
		type: 'string' as const,
		default: '',
		description: `${description}; separated by commas`,
	})),
	...Object.entries(TEXTS).map(([name, [displayName, description]]) => ({
		displayName,
		name,
		type: 'string' as const,
		typeOptions: { rows: 2 },
		default: '',
		description,
	})),
	...Object.entries(NUMBERS).map(([name, [displayName, description]]) => ({
		displayName,
		name,
		type: 'number' as const,
		typeOptions: { minValue: 0 },
		default: 0,
		description,
	})),
].sort((a, b) => a.displayName.localeCompare(b.displayName, 'en'));

export const description: Operation['description'] = showFor({ resource: ['persona'], operation: ['create'] }, [
	tenantField(),
	{
		displayName: 'Based On',
		name: 'basedOn',
		type: 'number',
		typeOptions: { minValue: 0 },
		default: 0,
		description: 'Version whose fields stay where nothing is given below; 0 to start from nothing',
	},
	{
		displayName: 'Activate',
		name: 'activate',
		type: 'boolean',
		default: true,
		description: 'Whether leads are measured by the new version at once',
	},
	{
		displayName: 'Persona Fields',
		name: 'personaFields',
		type: 'collection',
		placeholder: 'Add Field',
		default: {},
		options: fields,
	},
]);

export const execute: Operation['execute'] = async (call) => {
	const { context, itemIndex, database } = call;
	const tenant = await tenantId(context, database, itemIndex);
	const basedOn = Number(context.getNodeParameter('basedOn', itemIndex));
	if (!Number.isInteger(basedOn) || basedOn < 0) throw refuse('basedOn', 'must be a whole number. Correct it.');
	const options = {
		basedOn: basedOn === 0 ? undefined : basedOn,
		activate: context.getNodeParameter('activate', itemIndex) as boolean,
		actor: actorOf(context),
	};
	return toItem(await createPersonaVersion(database, tenant, personaOf(filledIn(call, 'personaFields')), options));
};

const listOf = (value: unknown): string[] =>
	(Array.isArray(value) ? value.map(asText) : asText(value).split(/[,\n]/))
		.map((entry) => entry.trim())
		.filter((entry) => entry !== '');

function valueOf(name: string, value: unknown): string | string[] | number {
	if (Object.hasOwn(LISTS, name)) return listOf(value);
	return Object.hasOwn(NUMBERS, name) ? Number(value) : asText(value).trim();
}

/** The collection as core takes it: lists from commas or from an expression that gives one. */
const personaOf = (given: Record<string, unknown>): NewPersona =>
	Object.fromEntries(Object.entries(given).map(([name, value]) => [name, valueOf(name, value)]));
