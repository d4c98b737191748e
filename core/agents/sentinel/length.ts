import { CHANNEL_LIMITS } from '../defaults';
import { fits, splitText } from './text/split';
import { pass, type CheckFactory } from './types';

/** Longer than the agent's or the channel's limit: split at a sentence, and cut behind the last message allowed. */
export const createLengthCheck: CheckFactory =
	({ limits }) =>
	({ text, context }) => {
		const limit = { maxCharacters: limits.maxCharacters, channel: context.channel.kind };
		if (fits(text, limit)) return pass('Within the length limits.');
		const parts = splitText(text, limit);
		const { unit, maximum } = CHANNEL_LIMITS[limit.channel];
		return {
			fired: true,
			action: 'rewrite',
			reason: `The reply is longer than ${limits.maxCharacters} characters or the ${maximum} ${unit} of ${limit.channel}: split.`,
			details: { parts: parts.length, dropped: Math.max(0, parts.length - limits.maxMessages) },
			rewritten: parts.slice(0, limits.maxMessages),
		};
	};
