import { stemmer as english } from '@orama/stemmers/english';
import { stemmer as portuguese } from '@orama/stemmers/portuguese';
import { stemmer as spanish } from '@orama/stemmers/spanish';
import { deaccent } from './fold';
import { remembered } from './remembered';

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

const keysOf = (language: Language): ((word: string) => string) =>
	remembered((word) => {
		const bare = deaccent(word.toLowerCase());
		return deaccent(STEMMERS[language](language === 'pt' ? withSuffixAccents(bare) : bare));
	});

const KEYS: Readonly<Record<Language, (word: string) => string>> = {
	pt: keysOf('pt'),
	en: keysOf('en'),
	es: keysOf('es'),
};

/** The key under which all forms of a word meet, with accents or without. */
export const stemKey = (word: string, language: Language = 'pt'): string => KEYS[language](word);
