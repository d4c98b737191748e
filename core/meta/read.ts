import { createHash } from 'node:crypto';
import {
	CANONICAL_MAX_DEPTH,
	ID_MAX_CHARS,
	KEY_PART_MAX_BYTES,
	PHONE_MAX_DIGITS,
	PHONE_MIN_DIGITS,
	SECONDS_LIMIT,
	TIME_MAX_MS,
	TIME_MIN_MS,
} from './defaults';

/** Readers of values of unknown type: each returns null for what is not there, and none throws. */

export type Json = Record<string, unknown>;

export const isRecord = (value: unknown): value is Json =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

export const asRecord = (value: unknown): Json => (isRecord(value) ? value : {});

export const asArray = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

/** A text as received; numbers become text, everything else null. */
export function readText(value: unknown): string | null {
	if (typeof value === 'string') return value;
	if (typeof value === 'number' && Number.isFinite(value)) return String(value);
	return null;
}

/** An id: trimmed, not empty, of sane length. */
export function readId(value: unknown): string | null {
	const text = readText(value)?.trim();
	return text && text.length <= ID_MAX_CHARS ? text : null;
}

/** The first of several ids that is there. */
export function firstId(...values: unknown[]): string | null {
	for (const value of values) {
		const id = readId(value);
		if (id !== null) return id;
	}
	return null;
}

/** An error code or count: a number or digits. */
export function readNumber(value: unknown): number | null {
	if (typeof value === 'number') return Number.isFinite(value) ? value : null;
	if (typeof value === 'string' && /^-?\d{1,15}$/.test(value.trim())) return Number(value);
	return null;
}

/** Digits of a phone number, without plus sign and separators. */
export function readPhone(value: unknown): string | null {
	const text = readId(value);
	if (text === null || !/^\+?[\d\s().-]+$/.test(text)) return null;
	const digits = text.replace(/\D/g, '');
	return digits.length >= PHONE_MIN_DIGITS && digits.length <= PHONE_MAX_DIGITS ? digits : null;
}

const BSUID = /^[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}$/;
const DRAFT_BSUID = /^user\.\S+$/;

/** A `from`, `to` or thread id: a phone number, or since 2026 perhaps a business-scoped user id. */
export function readAddress(value: unknown): {
	phone: string | null;
	bsuid: string | null;
	parentBsuid: string | null;
} {
	const phone = readPhone(value);
	const id = phone === null ? readId(value) : null;
	const parent = id !== null && BSUID.exec(id)?.[1] !== undefined;
	const bsuid = id !== null && !parent && (BSUID.test(id) || DRAFT_BSUID.test(id));
	return { phone, bsuid: bsuid ? id : null, parentBsuid: parent ? id : null };
}

export function readUsername(value: unknown): string | null {
	return readId(readId(value)?.replace(/^@+/, ''));
}

/** Seconds or milliseconds as number or text, or ISO 8601, to ISO 8601. */
export function readTime(value: unknown): string | null {
	let ms: number;
	if (typeof value === 'string' && /^\s*\d{4}-\d{2}-\d{2}/.test(value)) {
		ms = Date.parse(value.trim().replace(/([+-]\d{2})(\d{2})$/, '$1:$2'));
	} else {
		const number =
			typeof value === 'number'
				? value
				: typeof value === 'string' && /^\s*\d+(\.\d+)?\s*$/.test(value)
					? Number(value)
					: NaN;
		ms = number < SECONDS_LIMIT ? number * 1000 : number;
	}
	return ms >= TIME_MIN_MS && ms < TIME_MAX_MS ? new Date(Math.floor(ms)).toISOString() : null;
}

/** JSON with sorted keys, so that one item has one text whoever sent it. */
export function canonicalJson(value: unknown, depth = 0): string {
	if (depth > CANONICAL_MAX_DEPTH) return '"…"';
	if (Array.isArray(value)) return `[${value.map((entry) => canonicalJson(entry, depth + 1)).join(',')}]`;
	if (isRecord(value)) {
		const keys = Object.keys(value)
			.filter((key) => value[key] !== undefined)
			.sort();
		return `{${keys.map((key) => `${JSON.stringify(key)}:${canonicalJson(value[key], depth + 1)}`).join(',')}}`;
	}
	if (typeof value === 'bigint') return value.toString();
	return JSON.stringify(value) ?? 'null';
}

/** A part of a unique key: what no index entry could hold stands there as its hash. */
export const keyPart = (text: string): string =>
	Buffer.byteLength(text) <= KEY_PART_MAX_BYTES ? text : createHash('sha256').update(text).digest('hex');

/** An error code of Meta: a whole number of 32 bits, as the database keeps it. */
export function readErrorCode(value: unknown): number | null {
	const number = readNumber(value);
	return number !== null && number === (number | 0) ? number : null;
}

/** The id of an item to which Meta gave none. */
export const contentId = (item: unknown): string => createHash('sha256').update(canonicalJson(item)).digest('hex');
