import type { Resource } from '../../../shared/resource';
import * as create from './create';
import * as getMany from './get-many';
import * as getVersions from './get-versions';

export const agent: Resource = {
	name: 'Agent',
	value: 'agent',
	default: 'getMany',
	operations: [
		{
			name: 'Create',
			value: 'create',
			action: 'Create an agent',
			description: 'Add an agent to a tenant; the Agent Compiler then gives it a version',
			run: create,
		},
		{
			name: 'Get Many',
			value: 'getMany',
			action: 'Get many agents',
			description: 'List the agents of a tenant with their active version',
			run: getMany,
		},
		{
			name: 'Get Versions',
			value: 'getVersions',
			action: 'Get the versions of an agent',
			description: 'List the frozen versions of an agent, newest first',
			run: getVersions,
		},
	],
};
