import type { Resource } from '../../../shared/resource';
import * as getUnrouted from './get-unrouted';

export const event: Resource = {
	name: 'Event',
	value: 'event',
	default: 'getUnrouted',
	operations: [
		{
			name: 'Get Unrouted',
			value: 'getUnrouted',
			action: 'Get unrouted events',
			description:
				'List the newest events of Meta that no channel account claims: a number that is not set up, or a test',
			run: getUnrouted,
		},
	],
};
