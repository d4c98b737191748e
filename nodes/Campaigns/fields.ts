import type { INodeProperties } from 'n8n-workflow';
import { locatorField } from '../shared';

export const campaignField = locatorField({
	displayName: 'Campaign',
	name: 'campaign',
	description: 'The campaign, by name or ID',
	searchMethod: 'searchCampaigns',
});

/** Quiet hours, which campaigns and follow-ups have. */
export const quietFields = (from: string, to: string): INodeProperties[] => [
	{
		displayName: 'Quiet From',
		name: 'quietFrom',
		type: 'string',
		default: from,
		description: 'When the quiet hours begin by the clock of the tenant, as HH:MM; the same as their end for none',
	},
	{
		displayName: 'Quiet To',
		name: 'quietTo',
		type: 'string',
		default: to,
		description: 'When the quiet hours end by the clock of the tenant, as HH:MM',
	},
];
