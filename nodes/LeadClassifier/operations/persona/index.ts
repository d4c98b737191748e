import type { Resource } from '../../../shared/resource';
import * as activate from './activate';
import * as create from './create';
import * as get from './get';
import * as getMany from './get-many';

export const persona: Resource = {
	name: 'Persona',
	value: 'persona',
	default: 'get',
	operations: [
		{
			name: 'Activate Persona',
			value: 'activate',
			action: 'Activate a persona version',
			description: 'Measure leads by a version from now on; rolling back is activating the older one',
			run: activate,
		},
		{
			name: 'Create Persona Version',
			value: 'create',
			action: 'Create a persona version',
			description: 'Describe the ideal customer anew, or the latest description with changes',
			run: create,
		},
		{
			name: 'Get Persona',
			value: 'get',
			action: 'Get a persona',
			description: 'Read one version with all it says',
			run: get,
		},
		{
			name: 'Get Persona Versions',
			value: 'getMany',
			action: 'Get persona versions',
			description: 'List the versions with how they fared',
			run: getMany,
		},
	],
};
