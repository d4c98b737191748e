import { words } from './text/fold';
import { pass, type CheckFactory } from './types';

/** A message that is nothing but an opt-out word. Within a sentence the same word means something else. */
export const createOptOutCheck: CheckFactory = (policy) => {
	const wholeMessages = new Set(policy.optOut.words.map((word) => words(word).join(' ')));
	return ({ context }) =>
		context.incoming.some(({ text }) => wholeMessages.has(words(text).join(' ')))
			? { fired: true, action: 'block', reason: 'The contact asked not to be written to any more.' }
			: pass('No message is an opt-out word.');
};
