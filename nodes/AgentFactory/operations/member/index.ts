import type { Resource } from '../../../shared/resource';
import * as getMany from './get-many';
import * as remove from './remove';
import * as save from './save';

export const member: Resource = {
	name: 'Member',
	value: 'member',
	default: 'getMany',
	operations: [
		{
			name: 'Get Many',
			value: 'getMany',
			action: 'Get the members of a tenant',
			description: 'Who works for a tenant, and as what',
			run: getMany,
		},
		{
			name: 'Remove',
			value: 'remove',
			action: 'Remove a member',
			description: "End a person's work for a tenant; their leads and conversations are nobody's again",
			run: remove,
		},
		{
			name: 'Save',
			value: 'save',
			action: 'Save a member',
			description: 'Let a person work for a tenant, or give them another role',
			run: save,
		},
	],
};
