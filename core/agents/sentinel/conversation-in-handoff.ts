import { pass, type CheckFactory } from './types';

/** While a person has the conversation, the machine does not speak into it. */
export const createConversationInHandoffCheck: CheckFactory =
	() =>
	({ context }) =>
		context.conversation.status === 'handoff'
			? { fired: true, action: 'silence', reason: 'A person has this conversation.' }
			: pass('No person has this conversation.');
