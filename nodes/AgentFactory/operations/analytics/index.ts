import type { Resource } from '../../../shared/resource';
import * as getFunnel from './get-funnel';

export const analytics: Resource = {
	name: 'Analytics',
	value: 'analytics',
	default: 'getFunnel',
	operations: [
		{
			name: 'Get Funnel',
			value: 'getFunnel',
			action: 'Get the steps of the funnel',
			description: 'How often each step happened, by day: from the first message to the client',
			run: getFunnel,
		},
	],
};
