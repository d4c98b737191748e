import type { Resource } from '../../../shared/resource';
import * as getFunnel from './get-funnel';
import * as getView from './get-view';

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
		{
			name: 'Get View',
			value: 'getView',
			action: 'Get a view of a tenant',
			description: 'What a view of the database says of a tenant: conversations, consents, speed, scores, health',
			run: getView,
		},
	],
};
