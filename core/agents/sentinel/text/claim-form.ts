/** What only a tool does. */
export type ClaimKind = 'booked' | 'moved' | 'cancelled' | 'deal' | 'call';

export interface ClaimForm {
	/** Any of these being done makes it true: "agendei sua ligação" may be a booking or a call. */
	kinds: ClaimKind[];
	form: RegExp;
	/** Said of oneself ("marquei"): a claim even inside a question. */
	firm: boolean;
}

const END = '(?![\\p{L}\\p{N}])';
const START = '(?<![\\p{L}\\p{N}])';
/** Forms of one meaning, each as whole words of a folded text. */
export const buildClaims = (kinds: ClaimKind[], firm: boolean, ...forms: string[]): ClaimForm[] =>
	forms.map((form) => ({ kinds, firm, form: new RegExp(`${START}(?:${form})${END}`, 'gu') }));
