import { SENTINEL } from '../defaults';
import { words } from './text/fold';
import { pass, type CheckFactory } from './types';

const shingles = (text: string): string[] => {
	const list = words(text);
	return list.slice(SENTINEL.leakWords - 1).map((_, index) => list.slice(index, index + SENTINEL.leakWords).join(' '));
};
const compact = (text: string): string => words(text).join('');

/** The prompt's canary token, or a dozen words in a row of its protected section. */
export const createPromptLeakCheck: CheckFactory = (policy) => {
	const canary = compact(policy.canary);
	const secret = new Set(shingles(policy.protectedText));
	return ({ text }) => {
		if (canary !== '' && compact(text).includes(canary)) {
			return {
				fired: true,
				action: 'block',
				reason: 'The reply holds the canary token of the prompt.',
				details: { sign: 'canary' },
			};
		}
		return shingles(text).some((shingle) => secret.has(shingle))
			? {
					fired: true,
					action: 'block',
					reason: 'The reply repeats the protected section of the prompt.',
					details: { sign: 'overlap' },
				}
			: pass('Nothing of the prompt is in the reply.');
	};
};
