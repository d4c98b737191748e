export type PersonalDataKind = 'cpf' | 'cnpj' | 'email' | 'phone' | 'card';

/** Something that belongs to one person or company, in a form that compares. Never logged. */
export interface PersonalDatum {
	kind: PersonalDataKind;
	value: string;
}

const digitsOf = (text: string): string => text.replace(/\D/g, '');
const ALPHABET_START = '0'.charCodeAt(0);

/** Brazil's check digits: weighted sum, modulo 11; since 2026 a CNPJ may hold letters, valued by their character code. */
function checkDigit(symbols: string, weights: readonly number[]): number {
	const sum = weights.reduce(
		(total, weight, index) => total + weight * (symbols.charCodeAt(index) - ALPHABET_START),
		0,
	);
	const rest = sum % 11;
	return rest < 2 ? 0 : 11 - rest;
}

const CPF_WEIGHTS = [11, 10, 9, 8, 7, 6, 5, 4, 3, 2] as const;
const CNPJ_WEIGHTS = [6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2] as const;

function hasCheckDigits(symbols: string, weights: readonly number[]): boolean {
	const body = symbols.length - 2;
	if (/^(.)\1+$/.test(symbols)) return false;
	const first = checkDigit(symbols, weights.slice(1));
	const second = checkDigit(symbols, weights);
	return Number(symbols[body]) === first && Number(symbols[body + 1]) === second;
}

export const isCpf = (digits: string): boolean => /^\d{11}$/.test(digits) && hasCheckDigits(digits, CPF_WEIGHTS);
export const isCnpj = (symbols: string): boolean =>
	/^[0-9A-Z]{12}\d{2}$/.test(symbols) && hasCheckDigits(symbols, CNPJ_WEIGHTS);

export function passesLuhn(digits: string): boolean {
	const sum = [...digits].reverse().reduce((total, digit, index) => {
		const value = Number(digit) * (index % 2 === 0 ? 1 : 2);
		return total + (value > 9 ? value - 9 : value);
	}, 0);
	return sum % 10 === 0;
}

/** Every repetition is bounded: documents are long, and an open one makes a pattern quadratic. */
const EMAIL = /[\p{L}\p{N}._%+-]{1,64}@(?:[\p{L}\p{N}-]{1,63}\.){1,8}\p{L}{2,63}/giu;
const CARD = /(?<![\d.-])\d(?:[ -]?\d){12,18}(?![\d-])/g;
const CNPJ = /(?<![\p{L}\p{N}])[0-9A-Z]{2}\.?[0-9A-Z]{3}\.?[0-9A-Z]{3}\/?[0-9A-Z]{4}-?\d{2}(?![\p{L}\p{N}])/giu;
const CPF = /(?<!\d)\d{3}[. ]?\d{3}[. ]?\d{3}[- ]?\d{2}(?!\d)/g;
/** With country or area code, or nine digits that begin with 9, or eight with the hyphen of a land line. */
const PHONE =
	/(?<![\p{L}\d.,/-])(?:\+\d{1,3}[ .-]?(?:\(?\d{1,4}\)?[ .-]?)?\d{3,5}[ .-]?\d{3,4}|(?:55 ?)?\(?0?[1-9]\d\)?[ .-]?(?:9[ .]?)?\d{4}[ .-]?\d{4}|9\d{4}[ .-]?\d{4}|[2-5]\d{3}-\d{4})(?![\d/]|[.,]\d)/gu;
const YEARS = /^(?:19|20)\d{2}\D(?:19|20)\d{2}$/;
/** Digits that must agree for two phones to be the same: without country and area code. */
const PHONE_TAIL = 8;

const fresh = (matches: RegExpMatchArray | null): string[] => matches ?? [];

/** Finds personal data; what one pattern took, the next does not see (a card is not also a phone). */
export function findPersonalData(text: string): PersonalDatum[] {
	let rest = text.normalize('NFKC').replace(/\p{Cf}/gu, '');
	const found: PersonalDatum[] = [];
	const take = (pattern: RegExp, kind: PersonalDataKind, value: (raw: string) => string | null) => {
		for (const raw of fresh(rest.match(pattern))) {
			const normal = value(raw);
			if (normal === null) continue;
			found.push({ kind, value: normal });
			rest = rest.replace(raw, ' ');
		}
	};
	take(EMAIL, 'email', (raw) => raw.toLowerCase());
	rest = rest.replace(/[a-z][a-z0-9+.-]{0,20}:\/\/\S+/giu, ' ');
	take(CNPJ, 'cnpj', (raw) => {
		const symbols = raw.replace(/[^0-9a-z]/giu, '').toUpperCase();
		return isCnpj(symbols) ? symbols : null;
	});
	take(CARD, 'card', (raw) => (passesLuhn(digitsOf(raw)) && !/^0+$/.test(digitsOf(raw)) ? digitsOf(raw) : null));
	take(CPF, 'cpf', (raw) => (isCpf(digitsOf(raw)) ? digitsOf(raw) : null));
	take(PHONE, 'phone', (raw) => (YEARS.test(raw) ? null : digitsOf(raw)));
	return found;
}

/** Whether `datum` is one of the known ones, or its digits stand in what the customer wrote. */
export function isKnownDatum(datum: PersonalDatum, known: readonly PersonalDatum[], typed: string): boolean {
	if (datum.kind === 'phone') {
		const tail = datum.value.slice(-PHONE_TAIL);
		return (
			known.some((entry) => entry.kind === 'phone' && entry.value.endsWith(tail)) || digitsOf(typed).includes(tail)
		);
	}
	if (known.some((entry) => entry.kind === datum.kind && entry.value === datum.value)) return true;
	if (datum.kind === 'email') return typed.toLowerCase().includes(datum.value);
	return typed
		.replace(/[^0-9a-z]/giu, '')
		.toUpperCase()
		.includes(datum.value);
}
