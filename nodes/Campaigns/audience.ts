import type { INodeProperties } from 'n8n-workflow';
import type { Audience } from '../../core/crm';
import type { OperationCall } from '../shared';
import { asText, filledIn, refuse } from '../shared/text';

export const audienceField: INodeProperties = {
	displayName: 'Audience',
	name: 'audience',
	type: 'collection',
	placeholder: 'Add Filter',
	default: {},
	description: 'Leads that fit every filter; consent to offers is asked of all of them',
	options: [
		{
			displayName: 'Ad Campaign IDs',
			name: 'adCampaigns',
			type: 'string',
			default: '',
			description: 'Only leads that these campaigns brought, separated by commas',
		},
		{
			displayName: 'Classes',
			name: 'classifications',
			type: 'multiOptions',
			options: [
				{ name: 'Cold', value: 'LEAD_COLD' },
				{ name: 'Hot', value: 'LEAD_HOT' },
				{ name: 'Warm', value: 'LEAD_WARM' },
			],
			default: ['LEAD_WARM'],
			description: 'Only leads of these classes',
		},
		{
			displayName: 'Maximum Score',
			name: 'maxScore',
			type: 'number',
			typeOptions: { minValue: 0, maxValue: 100 },
			default: 100,
			description: 'Only leads with this score or less',
		},
		{
			displayName: 'Minimum Score',
			name: 'minScore',
			type: 'number',
			typeOptions: { minValue: 0, maxValue: 100 },
			default: 50,
			description: 'Only leads with this score or more',
		},
		{
			displayName: 'Silent for (Days)',
			name: 'silentDays',
			type: 'number',
			typeOptions: { minValue: 1, maxValue: 3650 },
			default: 30,
			description: 'Only leads that wrote nothing in this time; who never wrote is among them',
		},
		{
			displayName: 'Sources',
			name: 'sources',
			type: 'multiOptions',
			options: [
				{ name: 'Ad', value: 'ad' },
				{ name: 'Comment', value: 'comment' },
				{ name: 'Import', value: 'import' },
				{ name: 'Organic', value: 'organic' },
				{ name: 'Outreach', value: 'outreach' },
			],
			default: [],
			description: 'Only leads that came this way',
		},
		{
			displayName: 'Stages',
			name: 'stages',
			type: 'multiOptions',
			options: [
				{ name: 'Closed', value: 'closed' },
				{ name: 'Contact', value: 'contact' },
				{ name: 'Lead', value: 'lead' },
				{ name: 'Negotiation', value: 'negotiation' },
				{ name: 'Proposal', value: 'proposal' },
			],
			default: ['lead'],
			description: 'Only leads at these stages of the pipeline',
		},
		{
			displayName: 'Tags',
			name: 'tags',
			type: 'string',
			default: '',
			placeholder: 'vip, revenda',
			description: 'Only people with one of these tags in the list of known contacts, separated by commas',
		},
		{
			displayName: 'Wrote Within (Days)',
			name: 'activeDays',
			type: 'number',
			typeOptions: { minValue: 1, maxValue: 3650 },
			default: 90,
			description: 'Only leads that wrote something in this time',
		},
	],
};

/** A text with commas, or the list of an expression. */
const listed = (value: unknown): string[] =>
	(Array.isArray(value) ? value.map(asText) : asText(value).split(','))
		.map((part) => part.trim())
		.filter((part) => part !== '');

/** The filters that were given; an empty list filters nothing. */
export function audienceOf(call: OperationCall): Audience {
	const given = filledIn(call, 'audience');
	const read = (name: string): unknown => {
		if (['adCampaigns', 'tags'].includes(name)) return listed(given[name]);
		if (Array.isArray(given[name])) return given[name];
		const number = Number(given[name]);
		if (!Number.isInteger(number)) throw refuse(name, 'must be a whole number. Correct it.');
		return number;
	};
	return Object.fromEntries(
		Object.keys(given)
			.map((name) => [name, read(name)] as const)
			.filter(([, value]) => !Array.isArray(value) || value.length > 0),
	);
}
