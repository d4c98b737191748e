/** Reading what a CRM answers, whose shape nobody guarantees. */
export type Json = Record<string, unknown>;

export const record = (value: unknown): Json =>
	typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};
export const list = (value: unknown): Json[] => (Array.isArray(value) ? value.map(record) : []);
/** An id or text; numbers are ids too. */
export const text = (value: unknown): string | null =>
	typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : null;
/** A time as ISO text; "2024-01-01 10:00:00" of Pipedrive's first API is UTC. */
export function time(value: unknown): string | null {
	const given = text(value);
	if (given === null) return null;
	const at = Date.parse(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(given) ? `${given.replace(' ', 'T')}Z` : given);
	return Number.isNaN(at) ? null : new Date(at).toISOString();
}
/** Digits only: CRMs write phone numbers in any way. */
export const digits = (phone: string): string => phone.replace(/\D/g, '');
