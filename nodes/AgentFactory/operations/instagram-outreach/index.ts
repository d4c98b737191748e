import type { Resource } from '../../../shared/resource';
import * as getLeads from './get-leads';
import * as getRun from './get-run';
import * as importLeads from './import-leads';
import * as sendNextBatch from './send-next-batch';
import * as startRun from './start-run';
import * as stopRun from './stop-run';

export const instagramOutreach: Resource = {
	name: 'Instagram Outreach',
	value: 'instagramOutreach',
	default: 'importLeads',
	operations: [
		{
			name: 'Get Leads',
			value: 'getLeads',
			action: 'Get leads for Instagram outreach',
			description: 'List the imported leads, each with what the last run did with it',
			run: getLeads,
		},
		{
			name: 'Get Run',
			value: 'getRun',
			action: 'Get an Instagram outreach run',
			description: 'Show how many were sent, failed, skipped and wait, and why',
			run: getRun,
		},
		{
			name: 'Import Leads',
			value: 'importLeads',
			action: 'Import leads for Instagram outreach',
			description: 'Check each item as a row of a list or CSV, store the good ones, name what is wrong with the others',
			run: importLeads,
		},
		{
			name: 'Send Next Batch',
			value: 'sendNextBatch',
			action: 'Send the next batch of Instagram outreach',
			description: 'Write to as many leads as caps, quiet hours and the 24-hour window allow now',
			run: sendNextBatch,
		},
		{
			name: 'Start Run',
			value: 'startRun',
			action: 'Start an Instagram outreach run',
			description: 'Pick the leads of a campaign; Send Next Batch then writes to them',
			run: startRun,
		},
		{
			name: 'Stop Run',
			value: 'stopRun',
			action: 'Stop an Instagram outreach run',
			description: 'Write to nobody else in this run; messages that wait in the outbox are not sent',
			run: stopRun,
		},
	],
};
