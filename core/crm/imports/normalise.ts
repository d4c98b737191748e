import { DEFAULT_COUNTRY } from './defaults';

const BRAZILIAN = /^55[1-9][1-9](9?\d{8})$/;

/** A number as WhatsApp writes it, digits with country and no plus; null when it cannot be one. */
export function normalisePhone(written: string, country = DEFAULT_COUNTRY): string | null {
	// Meta's exports write p:+55...; a spreadsheet puts a quote in front so that it stays a text.
	const text = written.trim().replace(/^p:/i, '').replace(/^'/, '').trim();
	if (!/^\+?[\d\s().\-/]+$/.test(text)) return null;
	let digits = text.replace(/\D/g, '');
	const international = text.startsWith('+') || digits.startsWith('00');
	if (digits.startsWith('00')) digits = digits.slice(2);
	if (!international) {
		digits = digits.replace(/^0/, '');
		if (digits.length <= 11) digits = country + digits;
	}
	if (digits.length < 8 || digits.length > 15 || digits.startsWith('0')) return null;
	return digits.startsWith('55') && !BRAZILIAN.test(digits) ? null : digits;
}

export function normaliseEmail(written: string): string | null {
	const email = written.trim().toLowerCase();
	return email.length <= 254 && /^[^\s@,;<>"]+@[^\s@,;<>".]+(\.[^\s@,;<>".]+)+$/.test(email) ? email : null;
}

/** "Telefone (WhatsApp)" -> "telefone_whatsapp": how headers and form fields are compared. */
export const fieldName = (written: string): string =>
	written
		.normalize('NFD')
		.replace(/[\u0300-\u036f]/g, '')
		.toLowerCase()
		.replace(/[^a-z0-9]+/g, '_')
		.replace(/^_+|_+$/g, '');

/** A ticked box, in the ways forms and sheets write it. */
export const isYes = (written: string): boolean =>
	/^(1|true|yes|y|sim|s|on|checked|x|aceito|concordo|i_agree|agree)$/.test(fieldName(written));
