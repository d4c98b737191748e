import type { INodeProperties } from 'n8n-workflow';
import { fromItem, leadField } from '../shared';

/** Fields that several operations of the node ask for. */

export const leadIdField = (required = true): INodeProperties =>
	leadField({
		...{ name: 'leadId', required, default: required ? fromItem('leadId') : undefined },
		description: required
			? 'The lead: picked by name, or as the classifier or a notice names it'
			: 'Of one lead only; empty for all',
	});

export const tokenField = (from: 'query' | 'body'): INodeProperties => ({
	displayName: 'Token',
	name: 'token',
	type: 'string',
	typeOptions: { password: true },
	required: true,
	default: `={{ $json.${from}.token }}`,
	description: 'What the link carries',
});

export const languageField: INodeProperties = {
	displayName: 'Language',
	name: 'language',
	type: 'options',
	options: [
		{ name: 'English', value: 'en' },
		{ name: 'Portuguese (Brazil)', value: 'pt-BR' },
		{ name: 'Spanish', value: 'es' },
	],
	default: 'pt-BR',
	description: 'Language of the page',
};

export const horizonField = (horizonDays: number): INodeProperties => ({
	displayName: 'Horizon (Days)',
	name: 'horizonDays',
	type: 'number',
	typeOptions: { minValue: 7, maxValue: 365, numberPrecision: 0 },
	default: horizonDays,
	description: 'Days after which a lead that was not won counts as lost; before, nothing is known of it',
});
