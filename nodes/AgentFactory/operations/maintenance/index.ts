import type { Resource } from '../../../shared/resource';
import * as run from './run';

export const maintenance: Resource = {
	name: 'Maintenance',
	value: 'maintenance',
	default: 'run',
	operations: [
		{
			name: 'Run',
			value: 'run',
			action: 'Run maintenance',
			description:
				'Remove what is finished and past its retention, in short steps beside the traffic, and report table sizes and bloat',
			run,
		},
	],
};
