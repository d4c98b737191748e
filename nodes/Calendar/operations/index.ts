import type { Operation } from '../../shared';
import * as book from './book';
import * as cancel from './cancel';
import * as checkAvailability from './check-availability';
import * as connectWithToken from './connect-with-token';
import * as createConnectLink from './create-connect-link';
import * as finishConnect from './finish-connect';
import * as getEvents from './get-events';
import * as getIntegrations from './get-integrations';
import * as reschedule from './reschedule';
import * as saveOAuthApp from './save-oauth-app';
import * as sendDueReminders from './send-due-reminders';
import * as updateIntegration from './update-integration';

export const OPERATIONS: Record<string, Operation> = {
	book,
	cancel,
	checkAvailability,
	connectWithToken,
	createConnectLink,
	finishConnect,
	getEvents,
	getIntegrations,
	reschedule,
	saveOAuthApp,
	sendDueReminders,
	updateIntegration,
};
