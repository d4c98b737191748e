import type { Resource } from '../../../shared/resource';
import * as assign from './assign';
import * as getMany from './get-many';
import * as setFavorite from './set-favorite';

export const lead: Resource = {
	name: 'Lead',
	value: 'lead',
	default: 'getMany',
	operations: [
		{
			name: 'Assign',
			value: 'assign',
			action: 'Assign a lead to a member',
			description: "Put a lead into a member's hands, or nobody's",
			run: assign,
		},
		{
			name: 'Get Many',
			value: 'getMany',
			action: 'Get many leads',
			description: 'List or search leads by stage, class, member or favourite, the highest score first',
			run: getMany,
		},
		{
			name: 'Set Favorite',
			value: 'setFavorite',
			action: 'Mark a lead as favorite',
			description: 'Mark a lead as a favourite of the team, or take the mark away',
			run: setFavorite,
		},
	],
};
