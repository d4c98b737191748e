import { escapeRegExp, fold } from './text/fold';
import { pass, type CheckFactory } from './types';

/** A letter as often as written, or three times and more: "grátiiis" is caught, "carro" is not "caro". */
const stretched = (word: string): string =>
	(word.match(/(.)\1*/gu) ?? [])
		.map((run) => {
			const letter = escapeRegExp([...run][0]);
			return `(?:${letter}{${[...run].length}}|${letter}{3,})`;
		})
		.join('');

function phrasePattern(phrase: string): RegExp | null {
	const parts = fold(phrase).match(/[\p{L}\p{N}]+/gu);
	if (!parts) return null;
	return new RegExp(`(?<![\\p{L}\\p{N}])${parts.map(stretched).join('[^\\p{L}\\p{N}]+')}(?![\\p{L}\\p{N}])`, 'u');
}

/** A phrase that the business never wants to be sent. */
export const createForbiddenPhraseCheck: CheckFactory = (policy) => {
	const patterns = policy.forbiddenPhrases.map((phrase) => ({ phrase, pattern: phrasePattern(phrase) }));
	return ({ text }) => {
		const folded = fold(text);
		const hits = patterns.filter(({ pattern }) => pattern?.test(folded)).map(({ phrase }) => phrase);
		return hits.length === 0
			? pass('No forbidden phrase.')
			: { fired: true, action: 'block', reason: `The reply holds a forbidden phrase.`, details: { phrases: hits } };
	};
};
