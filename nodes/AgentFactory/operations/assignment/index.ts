import type { Resource } from '../../../shared/resource';
import * as assignNow from './assign-now';
import * as getRules from './get-rules';
import * as saveRules from './save-rules';

export const assignment: Resource = {
	name: 'Assignment',
	value: 'assignment',
	default: 'getRules',
	operations: [
		{
			name: 'Assign Now',
			value: 'assignNow',
			action: 'Assign a lead now',
			description: 'Give a lead to whoever is next by the rules; who has it keeps it',
			run: assignNow,
		},
		{
			name: 'Get Rules',
			value: 'getRules',
			action: 'Get the rules of assignment',
			description: 'Who takes which lead, in the order in which the rules are asked',
			run: getRules,
		},
		{
			name: 'Save Rules',
			value: 'saveRules',
			action: 'Save the rules of assignment',
			description: 'Replace the rules; the first that fits a lead counts, its people take turns',
			run: saveRules,
		},
	],
};
