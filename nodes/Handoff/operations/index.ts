import type { Operation } from '../../shared';
import * as act from './act';
import * as connectChatwoot from './connect-chatwoot';
import * as createPageLink from './create-page-link';
import * as escalateOverdue from './escalate-overdue';
import * as getFigures from './get-figures';
import * as getQueue from './get-queue';
import * as getSettings from './get-settings';
import * as openPage from './open-page';
import * as receiveChatwootEvent from './receive-chatwoot-event';
import * as removeRecipient from './remove-recipient';
import * as returnQuietOnes from './return-quiet-ones';
import * as runDueWork from './run-due-work';
import * as saveRecipient from './save-recipient';
import * as saveSettings from './save-settings';

export const OPERATIONS: Record<string, Operation> = {
	act,
	connectChatwoot,
	createPageLink,
	escalateOverdue,
	getFigures,
	getQueue,
	getSettings,
	openPage,
	receiveChatwootEvent,
	removeRecipient,
	returnQuietOnes,
	runDueWork,
	saveRecipient,
	saveSettings,
};
