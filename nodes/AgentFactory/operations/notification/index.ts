import type { Resource } from '../../../shared/resource';
import * as claimEmails from './claim-emails';
import * as createEndpoint from './create-endpoint';
import * as deliver from './deliver';
import * as enableEndpoint from './enable-endpoint';
import * as getEndpoints from './get-endpoints';
import * as replayNotices from './replay-notices';
import * as rotateSecret from './rotate-secret';
import * as settleEmail from './settle-email';

export const notification: Resource = {
	name: 'Notification',
	value: 'notification',
	default: 'deliver',
	operations: [
		{
			name: 'Claim E-Mails',
			value: 'claimEmails',
			action: 'Claim due e-mails',
			description: 'Take the e-mails that are due, of all tenants, to the people whom the settings of the loop name',
			run: claimEmails,
		},
		{
			name: 'Create Endpoint',
			value: 'createEndpoint',
			action: 'Create a notification endpoint',
			description:
				'Say where a tenant wants to hear of leads, hand-overs, changes and trouble; the secret is shown once',
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
		{
			name: 'Replay Notices',
			value: 'replayNotices',
			action: 'Replay notices of an endpoint',
			description: 'Send an endpoint again what it got or missed in the last 30 days, under the same IDs',
			run: replayNotices,
		},
		{
			name: 'Rotate Secret',
			value: 'rotateSecret',
			action: 'Rotate the secret of an endpoint',
			description: 'Give an endpoint a new secret, shown once; for 24 hours the old one signs beside it',
			run: rotateSecret,
		},
		{
			name: 'Settle E-Mail',
			value: 'settleEmail',
			action: 'Settle an e-mail',
			description: 'Write down whether a claimed e-mail was sent; one that was not is tried again',
			run: settleEmail,
		},
	],
};
