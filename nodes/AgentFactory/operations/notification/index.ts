import type { Resource } from '../../../shared/resource';
import * as createEndpoint from './create-endpoint';
import * as deliver from './deliver';
import * as enableEndpoint from './enable-endpoint';
import * as getEndpoints from './get-endpoints';

export const notification: Resource = {
	name: 'Notification',
	value: 'notification',
	default: 'deliver',
	operations: [
		{
			name: 'Create Endpoint',
			value: 'createEndpoint',
			action: 'Create a notification endpoint',
			description: 'Say where a tenant wants to hear of HOT leads, hand-overs and its plan; the secret is shown once',
			run: createEndpoint,
		},
		{
			name: 'Deliver Notices',
			value: 'deliver',
			action: 'Deliver due notices',
			description: 'Send the notices that are due, of all tenants; nothing comes out when none is',
			run: deliver,
		},
		{
			name: 'Enable Endpoint',
			value: 'enableEndpoint',
			action: 'Enable a notification endpoint',
			description: 'Let an endpoint that was disabled hear again; what waited for it goes out',
			run: enableEndpoint,
		},
		{
			name: 'Get Endpoints',
			value: 'getEndpoints',
			action: 'Get notification endpoints',
			description: 'The endpoints of a tenant, whether they are disabled and why, and how many notices wait',
			run: getEndpoints,
		},
	],
};
