import type { Resource } from '../../../shared/resource';
import * as claimDue from './claim-due';
import * as enqueue from './enqueue';
import * as getMany from './get-many';
import * as requeue from './requeue';
import * as settle from './settle';

export const backgroundJob: Resource = {
	name: 'Background Job',
	value: 'backgroundJob',
	default: 'getMany',
	operations: [
		{
			name: 'Claim Due',
			value: 'claimDue',
			action: 'Claim due background jobs',
			description: 'Take jobs of one type that are due, of all tenants; end each with Settle',
			run: claimDue,
		},
		{
			name: 'Enqueue',
			value: 'enqueue',
			action: 'Enqueue a background job',
			description: 'Have something done later, once a type and key, however often it is asked for',
			run: enqueue,
		},
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
		{
			name: 'Settle',
			value: 'settle',
			action: 'Settle a background job',
			description: 'Write down how a claimed job ended',
			run: settle,
		},
	],
};
