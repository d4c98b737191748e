import type { Resource } from '../../../shared/resource';
import * as get from './get';
import * as summary from './summary';
import * as update from './update';

export const selfImprovement: Resource = {
	name: 'Self-Improvement',
	value: 'selfImprovement',
	default: 'summary',
	operations: [
		{
			name: 'Get Settings',
			value: 'get',
			action: 'Get self improvement settings',
			description: 'Read when a tenant is judged, what may change by itself and who is told',
			run: get,
		},
		{
			name: 'Get Summary',
			value: 'summary',
			action: 'Get self improvement summary',
			description: 'Read how leads, persona, prompt and the loop of a tenant stand',
			run: summary,
		},
		{
			name: 'Update Settings',
			value: 'update',
			action: 'Update self improvement settings',
			description: 'Change when a tenant is judged, what may change by itself or who is told; the rest stays',
			run: update,
		},
	],
};
