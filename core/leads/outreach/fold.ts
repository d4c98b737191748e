import { deaccent, plain } from '../text/fold';

/** Text made comparable: accents, case and invisible characters gone. */
export const fold = (text: string): string => deaccent(plain(text)).toLowerCase();

/** The words of a text between single blanks, so that ` word ` is found as a word only. */
export const foldedWords = (text: string): string => ` ${(fold(text).match(/[\p{L}\p{N}]+/gu) ?? []).join(' ')} `;
