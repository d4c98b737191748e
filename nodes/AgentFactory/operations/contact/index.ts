import type { Resource } from '../../../shared/resource';
import * as getMany from './get-many';

export const contact: Resource = {
	name: 'Contact',
	value: 'contact',
	default: 'getMany',
	operations: [
		{
			name: 'Get Many',
			value: 'getMany',
			action: 'Get many contacts',
			description: 'List or search the contacts of a tenant, newest first',
			run: getMany,
		},
	],
};
