import type { INodeProperties } from 'n8n-workflow';
import type { NewTenant } from '../../core/tenancy';
import { asText } from '../shared/text';

/** What of a tenant may be left out when it is made, and changed later. */
export const tenantSettings: INodeProperties[] = [
	{
		displayName: 'Business Type',
		name: 'businessType',
		type: 'string',
		default: '',
		placeholder: 'academia',
		description: 'What kind of business it is',
	},
	{
		displayName: 'Max Automatic Replies per Day',
		name: 'maxAutoResponsesPerDay',
		type: 'number',
		typeOptions: { minValue: 0 },
		default: 500,
		description: 'Automatic replies a day, counted in the time zone of the tenant; beyond that a person answers',
	},
	{
		displayName: 'Max Leads per Month',
		name: 'maxLeadsPerMonth',
		type: 'number',
		typeOptions: { minValue: 0 },
		default: 1000,
		description: 'New leads a month that the plan covers',
	},
	{
		displayName: 'Message Retention Days',
		name: 'messageRetentionDays',
		type: 'number',
		typeOptions: { minValue: 0, maxValue: 3650 },
		default: 0,
		description:
			'Days after which maintenance empties the texts of messages, from 7 to 3650; 0 keeps them. Ids, times and statuses stay.',
	},
	{
		displayName: 'Plan Tier',
		name: 'planTier',
		type: 'options',
		options: [
			{ name: 'Basic', value: 'basic' },
			{ name: 'Enterprise', value: 'enterprise' },
			{ name: 'Pro', value: 'pro' },
		],
		default: 'basic',
		description: 'What the tenant pays for',
	},
	{
		displayName: 'Status',
		name: 'status',
		type: 'options',
		options: [
			{ name: 'Active', value: 'active', description: 'Messages are answered' },
			{ name: 'Cancelled', value: 'cancelled', description: 'Messages are stored and not answered; for good' },
			{ name: 'Paused', value: 'paused', description: 'Messages are stored and not answered' },
			{ name: 'Trial', value: 'trial', description: 'Messages are answered' },
		],
		default: 'active',
		description: 'Whether the agents of the tenant answer',
	},
	{
		displayName: 'Time Zone',
		name: 'timezone',
		type: 'string',
		default: 'America/Sao_Paulo',
		description: 'IANA name; days of limits and reports begin at midnight there',
	},
];

/** A collection of the fields above, as core takes it; unknown keys of an expression stay out. */
export function tenantChange(given: Record<string, unknown>): Partial<NewTenant> {
	const texts = ['name', 'businessType', 'status', 'planTier', 'timezone'];
	const numbers = ['maxLeadsPerMonth', 'maxAutoResponsesPerDay', 'messageRetentionDays'];
	return Object.fromEntries([
		...texts.filter((name) => name in given).map((name) => [name, asText(given[name]).trim()]),
		...numbers.filter((name) => name in given).map((name) => [name, Number(given[name])]),
	]) as Partial<NewTenant>;
}
