import type { Resource } from '../../../shared/resource';
import * as get from './get';
import * as update from './update';

export const settings: Resource = {
	name: 'Lead Settings',
	value: 'settings',
	default: 'get',
	operations: [
		{
			name: 'Get Lead Settings',
			value: 'get',
			action: 'Get lead settings',
			description: 'Read how leads of a tenant are classified and which of them are answered',
			run: get,
		},
		{
			name: 'Update Lead Settings',
			value: 'update',
			action: 'Update lead settings',
			description: 'Change limits, answered classes or the model; the rest stays',
			run: update,
		},
	],
};
