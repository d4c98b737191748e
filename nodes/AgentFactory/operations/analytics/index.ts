import type { Resource } from '../../../shared/resource';
import * as getFunnel from './get-funnel';
import * as getView from './get-view';
import * as rollUpDays from './roll-up-days';

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
		{
			name: 'Roll Up Days',
			value: 'rollUpDays',
			action: 'Roll up the days of all tenants',
			description:
				'Count the days that the dashboard shows, of all tenants: today and yesterday again, and older days of which something became known',
			run: rollUpDays,
		},
	],
};
