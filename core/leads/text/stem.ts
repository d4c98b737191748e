import { stemmer as english } from '@orama/stemmers/english';
import { stemmer as portuguese } from '@orama/stemmers/portuguese';
import { stemmer as spanish } from '@orama/stemmers/spanish';
import { STEM_LETTERS_KEPT, STEMS_KEPT } from '../defaults';
import { deaccent } from './fold';

export type Language = 'pt' | 'en' | 'es';

const STEMMERS: Readonly<Record<Language, (word: string) => string>> = { pt: portuguese, en: english, es: spanish };

/** Snowball needs the accents that people leave out: the endings that carry one get it back, whichever way the word came. */
const RESTORED: ReadonlyArray<readonly [string, string]> = [
	['coes', 'ções'],
	['cao', 'ção'],
	['aveis', 'áveis'],
	['avel', 'ável'],
	['iveis', 'íveis'],
	['ivel', 'ível'],
	['encia', 'ência'],
	['ancia', 'ância'],
	['ario', 'ário'],
	['orio', 'ório'],
	['oes', 'ões'],
	['ao', 'ão'],
];

function withSuffixAccents(word: string): string {
	const suffix = RESTORED.find(([bare]) => word.length > bare.length + 1 && word.endsWith(bare));
	return suffix === undefined ? word : word.slice(0, -suffix[0].length) + suffix[1];
}

/** Words repeat: the stems of the latest are kept, by language. */
const RECENT: Readonly<Record<Language, Map<string, string>>> = { pt: new Map(), en: new Map(), es: new Map() };

/** The key under which all forms of a word meet, with accents or without. */
export function stemKey(word: string, language: Language = 'pt'): string {
	const recent = RECENT[language];
	const kept = recent.get(word);
	if (kept !== undefined) return kept;
	const bare = deaccent(word.toLowerCase());
	const key = deaccent(STEMMERS[language](language === 'pt' ? withSuffixAccents(bare) : bare));
	if (recent.size >= STEMS_KEPT) recent.clear();
	if (word.length <= STEM_LETTERS_KEPT) recent.set(word, key);
	return key;
}
