import type { Persona } from '../types';
import { foldedWords } from './fold';

export type FilterPersona = Pick<Persona, 'minFollowers' | 'maxFollowers' | 'idealNiches' | 'negativeKeywords'>;

export interface FilteredLead {
	username: string;
	full_name: string | null;
	bio: string | null;
	followers_count: number | null;
}

/** Does the persona speak against this lead? What is not known never does. `niches`: a known bio must name one of them. */
export function isFilteredOut(lead: FilteredLead, persona: FilterPersona, options: { niches: boolean }): boolean {
	const { followers_count: followers } = lead;
	if (followers !== null && persona.minFollowers !== null && followers < persona.minFollowers) return true;
	if (followers !== null && persona.maxFollowers !== null && followers > persona.maxFollowers) return true;
	const about = foldedWords(`${lead.full_name ?? ''} ${lead.bio ?? ''}`);
	const names = (terms: readonly string[]): boolean =>
		terms.some((term) => foldedWords(term).trim() !== '' && about.includes(foldedWords(term)));
	if (names(persona.negativeKeywords)) return true;
	const bioKnown = foldedWords(lead.bio ?? '').trim() !== '';
	return options.niches && bioKnown && persona.idealNiches.length > 0 && !names(persona.idealNiches);
}
