import type { Resource } from '../../../shared/resource';
import * as getMany from './get-many';
import * as requeue from './requeue';

export const backgroundJob: Resource = {
	name: 'Background Job',
	value: 'backgroundJob',
	default: 'getMany',
	operations: [
		{
			name: 'Get Many',
			value: 'getMany',
			action: 'Get many background jobs',
			description: 'What is done later for a tenant: what waits, what failed and why',
			run: getMany,
		},
		{
			name: 'Requeue',
			value: 'requeue',
			action: 'Requeue a background job',
			description: 'Give a failed job fresh attempts, once what made it fail is mended',
			run: requeue,
		},
	],
};
