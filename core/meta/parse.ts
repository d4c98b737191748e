import { BODY_MAX_BYTES, BODY_MAX_DEPTH } from './defaults';
import { isRecord } from './read';

export type ParsedBody = { ok: true; body: unknown } | { ok: false; reason: 'not_json' | 'too_deep' | 'too_large' };

const BAD_ESCAPE = /\\u(?:0000|[dD][89a-fA-F])/;
/** With the u flag a surrogate matches only where its other half is missing. */
const BAD_CHARACTER = /\0|\p{Surrogate}/gu;

/**
 * Parses a webhook body for storage in Postgres. Integers beyond 2^53 (Lead Ads ids) stay exact, as strings; NUL and lone
 * surrogates, which `jsonb` refuses, become U+FFFD. Does not throw.
 */
export function parseBody(raw: Buffer): ParsedBody {
	if (raw.length > BODY_MAX_BYTES) return { ok: false, reason: 'too_large' };
	const text = new TextDecoder('utf-8').decode(raw);
	const exact = quoteHugeNumbers(text);
	if (exact === null) return { ok: false, reason: 'too_deep' };
	try {
		const body: unknown = JSON.parse(exact);
		return { ok: true, body: BAD_ESCAPE.test(text) ? replaceBadCharacters(body) : body };
	} catch {
		return { ok: false, reason: 'not_json' };
	}
}

/**
 * JSON that `jsonb` takes, whatever the values went through since they were parsed: a text inside a text (a flow's answers) may hold
 * what the body did not, and a cut may part a pair of surrogates.
 */
export function storableJson(value: unknown): string {
	const text = JSON.stringify(value);
	return BAD_ESCAPE.test(text) ? JSON.stringify(replaceBadCharacters(JSON.parse(text))) : text;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const isOpening = (code: number): boolean => code === 0x7b || code === 0x5b;
const isClosing = (code: number): boolean => code === 0x7d || code === 0x5d;
const isNumberStart = (code: number): boolean => code === 0x2d || (code >= 0x30 && code <= 0x39);
const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

/**
 * The same text with numbers that a double cannot hold in quotes; null when it nests too deep. A hand-written scan: a pattern for
 * strings takes quadratic time on a body that is one long unfinished string.
 */
function quoteHugeNumbers(text: string): string | null {
	let depth = 0;
	let copied = 0;
	let result = '';
	for (let at = 0; at < text.length; at += 1) {
		const code = text.charCodeAt(at);
		if (code === QUOTE) {
			at = endOfString(text, at);
		} else if (isOpening(code)) {
			depth += 1;
			if (depth > BODY_MAX_DEPTH) return null;
		} else if (isClosing(code)) {
			depth -= 1;
		} else if (isNumberStart(code)) {
			const token = numberAt(text, at);
			if (isHuge(token)) {
				result += `${text.slice(copied, at)}"${token}"`;
				copied = at + token.length;
			}
			at += Math.max(token.length, 1) - 1;
		}
	}
	return result + text.slice(copied);
}

/** The position of the closing quote, or of the end of the text. */
function endOfString(text: string, start: number): number {
	let at = start + 1;
	while (at < text.length && text.charCodeAt(at) !== QUOTE) at += text.charCodeAt(at) === BACKSLASH ? 2 : 1;
	return at;
}

function numberAt(text: string, at: number): string {
	NUMBER.lastIndex = at;
	return NUMBER.exec(text)?.[0] ?? '';
}

function isHuge(token: string): boolean {
	const value = Number(token);
	return !Number.isFinite(value) || (/^-?\d+$/.test(token) && !Number.isSafeInteger(value));
}

/** Recursion is safe here: the depth was checked before. */
function replaceBadCharacters(value: unknown): unknown {
	if (typeof value === 'string') return value.replace(BAD_CHARACTER, '\uFFFD');
	if (Array.isArray(value)) return value.map(replaceBadCharacters);
	if (!isRecord(value)) return value;
	const entries = Object.entries(value).map(([key, entry]) => [
		key.replace(BAD_CHARACTER, '\uFFFD'),
		replaceBadCharacters(entry),
	]);
	return Object.fromEntries(entries) as unknown;
}
