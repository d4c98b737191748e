import type { Operation } from '../../shared';
import * as activate from './activate';
import * as addDocument from './add-document';
import * as cloneAgent from './clone-agent';
import * as compile from './compile';
import * as connectChannel from './connect-channel';
import * as createApprovalLink from './create-approval-link';
import * as decideByLink from './decide-by-link';
import * as get from './get';
import * as getReport from './get-report';
import * as openApprovalLink from './open-approval-link';
import * as openReport from './open-report';
import * as overrideTest from './override-test';
import * as refreshInstagramTokens from './refresh-instagram-tokens';
import * as rerouteEvents from './reroute-events';
import * as runTest from './run-test';
import * as saveAnswers from './save-answers';
import * as sendFirstMessage from './send-first-message';
import * as showFirstMessage from './show-first-message';
import * as showReview from './show-review';
import * as submitPage from './submit-page';

export const OPERATIONS: Record<string, Operation> = {
	activate,
	addDocument,
	cloneAgent,
	compile,
	connectChannel,
	createApprovalLink,
	decideByLink,
	get,
	getReport,
	openApprovalLink,
	openReport,
	overrideTest,
	refreshInstagramTokens,
	rerouteEvents,
	runTest,
	saveAnswers,
	sendFirstMessage,
	showFirstMessage,
	showReview,
	submitPage,
};
