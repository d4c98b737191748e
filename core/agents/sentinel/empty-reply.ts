import { pass, type CheckFactory } from './types';

/** Meta refuses an empty text, and a reply of punctuation answers nobody. An emoji is a reply. */
export const createEmptyReplyCheck: CheckFactory =
	() =>
	({ text }) =>
		/[\p{L}\p{N}\p{Extended_Pictographic}]/u.test(text)
			? pass('The reply says something.')
			: { fired: true, action: 'block', reason: 'The reply is empty.' };
