import type { Resource } from '../../../shared/resource';
import * as decideDraft from './decide-draft';
import * as getDrafts from './get-drafts';
import * as getMany from './get-many';
import * as getMessages from './get-messages';
import * as getReplies from './get-replies';
import * as handOff from './hand-off';
import * as resume from './resume';

export const conversation: Resource = {
	name: 'Conversation',
	value: 'conversation',
	default: 'getMany',
	operations: [
		{
			name: 'Decide Draft',
			value: 'decideDraft',
			action: 'Send or discard a draft',
			description: 'Send what an agent in draft mode wrote, changed or not, or discard it; once',
			run: decideDraft,
		},
		{
			name: 'Get Drafts',
			value: 'getDrafts',
			action: 'Get open drafts',
			description: 'List what agents in draft mode wrote and nobody has decided on, newest first',
			run: getDrafts,
		},
		{
			name: 'Get Many',
			value: 'getMany',
			action: 'Get many conversations',
			description: 'List or search the conversations of a tenant, the last written to first',
			run: getMany,
		},
		{
			name: 'Get Messages',
			value: 'getMessages',
			action: 'Get the messages of a conversation',
			description: 'List what was said, newest first',
			run: getMessages,
		},
		{
			name: 'Get Replies',
			value: 'getReplies',
			action: 'Get the reply log',
			description: 'Why did it say that? For each reply: agent version, prompt, checks, tokens, cost and delivery',
			run: getReplies,
		},
		{
			name: 'Hand Off',
			value: 'handOff',
			action: 'Hand a conversation to a person',
			description: 'Stop automatic replies in a conversation; unsent ones are withdrawn',
			run: handOff,
		},
		{
			name: 'Resume',
			value: 'resume',
			action: 'Give a conversation back to its agent',
			description: 'Let the agent answer again in a conversation that was handed to a person',
			run: resume,
		},
	],
};
