import type { Resource } from '../../shared/resource';
import * as findPeople from './find-people';
import * as getConversation from './get-conversation';
import * as getOverview from './get-overview';
import * as getWaiting from './get-waiting';

/** One resource, because n8n tells a model the action of an operation only where there is one; it says what comes back. */
const question: Resource = {
	name: 'Question',
	value: 'question',
	default: 'getOverview',
	operations: [
		{
			name: 'Find People',
			value: 'findPeople',
			action: 'Find people of the business by name, username, phone or class, with class, score and stage of each',
			description: 'Find up to 10 people by name, username, phone or class, the best score first',
			run: findPeople,
		},
		{
			name: 'Get Conversation',
			value: 'getConversation',
			action: 'Read the newest messages that the business exchanged with one person',
			description: 'Read the newest 20 messages with one person, found by name, username or phone',
			run: getConversation,
		},
		{
			name: 'Get Overview',
			value: 'getOverview',
			action:
				'Tell how the business is going now: leads, hot leads and opportunities of 30 days, messages of 24 hours, who waits, channels',
			description: 'Tell how the business is going: leads, messages, who waits, and how its channels stand',
			run: getOverview,
		},
		{
			name: 'Get Waiting',
			value: 'getWaiting',
			action: 'List the customers who wait for a person to answer them, the overdue ones first',
			description: 'List up to 10 customers who wait for a person, the overdue ones first',
			run: getWaiting,
		},
	],
};

export const RESOURCES: readonly Resource[] = [question];
