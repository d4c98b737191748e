import type { Resource } from '../../../shared/resource';
import * as add from './add';
import * as getMany from './get-many';
import * as remove from './remove';

export const knownContact: Resource = {
	name: 'Known Contact',
	value: 'knownContact',
	default: 'getMany',
	operations: [
		{
			name: 'Add Known Contact',
			value: 'add',
			action: 'Add a known contact',
			description: 'Put somebody on the list, or change who is on it already in whatever spelling',
			run: add,
		},
		{
			name: 'Get Known Contacts',
			value: 'getMany',
			action: 'Get known contacts',
			description: 'List the people whom the tenant knows',
			run: getMany,
		},
		{
			name: 'Remove Known Contact',
			value: 'remove',
			action: 'Remove a known contact',
			description: 'Take somebody off the list',
			run: remove,
		},
	],
};
