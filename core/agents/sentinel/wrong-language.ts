import type { AgentLanguage } from '../spec';
import { SENTINEL } from '../defaults';
import { loadLanguageDetector, type LanguageDetector } from './text/language';
import { pass, type CheckFactory, type CheckOutcome } from './types';

const CODES: Record<AgentLanguage, string> = { 'pt-BR': 'pt', en: 'en', es: 'es' };

/** Links, addresses and numbers belong to no language. */
const prose = (text: string): string =>
	text
		.split(/\s+/u)
		.filter((token) => !/[@\d]|:\/\//u.test(token))
		.join(' ');
const letters = (text: string): number => (text.match(/\p{L}/gu) ?? []).length;

export function judgeLanguage(text: string, language: AgentLanguage, detect: LanguageDetector): CheckOutcome {
	const said = prose(text);
	if (letters(said) < SENTINEL.languageMinimumLetters) return pass('Too short to tell the language.');
	const scores = detect(said);
	const expected = CODES[language];
	const [best] = scores;
	const own = scores.find((entry) => entry.language === expected)?.score ?? 0;
	const foreign =
		best !== undefined &&
		best.language !== expected &&
		best.score >= SENTINEL.languageMinimumScore &&
		best.score - own >= SENTINEL.languageMinimumMargin;
	return foreign
		? {
				fired: true,
				action: 'block',
				reason: `The reply is in "${best.language}", the agent speaks "${expected}".`,
				details: { detected: best.language, expected },
			}
		: pass("The reply is in the agent's language.", { detected: best?.language ?? null });
}

/** A reply in a language that the agent does not speak. */
export const createWrongLanguageCheck: CheckFactory =
	(policy) =>
	async ({ text }) =>
		judgeLanguage(text, policy.language, await loadLanguageDetector());
