import type { INodeProperties } from 'n8n-workflow';
import { scoreConversation } from '../../../core/reflection';
import { locatorId, requiredText, showFor, tenantField, tenantId, type Operation } from '../../shared';
import { conversationField } from '../fields';

const CRITERIA = {
	completeness: ['Completeness', 'Was everything answered that was asked?'],
	depth: ['Depth', 'Did the answers help the person on?'],
	missed_opportunities: ['Missed Opportunities', '5: nothing was missed'],
	scope: ['Scope', 'Did it stay with what the business offers and knows?'],
	tone: ['Tone', 'Did it sound as the brand wants to sound?'],
} as const;

const levelField = (name: string, displayName: string, description: string): INodeProperties => ({
	displayName,
	name,
	type: 'options',
	options: [
		{ name: '1 Bad', value: 1 },
		{ name: '2', value: 2 },
		{ name: '3 Fair', value: 3 },
		{ name: '4', value: 4 },
		{ name: '5 Good', value: 5 },
		{ name: 'Does Not Apply', value: 0 },
	],
	default: 0,
	description,
});

export const description: Operation['description'] = showFor({ operation: ['scoreConversation'] }, [
	tenantField(),
	conversationField,
	{
		displayName: 'Person',
		name: 'person',
		type: 'string',
		required: true,
		default: '',
		description: 'Name of the person who scores; two people may, each for themselves',
	},
	...Object.entries(CRITERIA).map(([name, [displayName, text]]) => levelField(name, displayName, text)),
]);

export const execute: Operation['execute'] = async (call) => {
	const { context, itemIndex, database } = call;
	const levels = Object.fromEntries(
		Object.keys(CRITERIA).map((name) => [name, Number(context.getNodeParameter(name, itemIndex)) || null]),
	);
	return {
		...(await scoreConversation(database, await tenantId(context, database, itemIndex), {
			conversationId: locatorId(context, 'conversation', itemIndex),
			person: requiredText(call, 'person'),
			levels,
		})),
	};
};
