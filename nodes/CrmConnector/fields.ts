import type { INodeProperties } from 'n8n-workflow';
import { locatorField } from '../shared';

/** Fields that several operations of the node ask for. */

export const crmField = (settings: { required?: boolean; description?: string } = {}): INodeProperties =>
	locatorField({
		displayName: 'CRM',
		name: 'crm',
		description: 'A connected CRM of the tenant',
		searchMethod: 'searchCrms',
		...settings,
	});
