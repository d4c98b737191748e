import { createHash } from 'node:crypto';
import { FactoryError } from '../errors';

/**
 * One text for one value: keys sorted by code unit, no undefined, no white space, numbers as JSON writes them. The same bundle
 * hashes alike on every machine and after a journey through jsonb, which does not keep the order of keys.
 */
export function canonicalJson(value: unknown): string {
	if (value === null || typeof value === 'boolean' || typeof value === 'string') return JSON.stringify(value);
	if (typeof value === 'number') {
		if (!Number.isFinite(value)) throw notCanonical('a number that is not finite');
		return JSON.stringify(value);
	}
	if (Array.isArray(value))
		return `[${value.map((entry) => canonicalJson(entry === undefined ? null : entry)).join(',')}]`;
	if (typeof value === 'object') {
		const record = value as Record<string, unknown>;
		const keys = Object.keys(record)
			.filter((key) => record[key] !== undefined)
			.sort();
		return `{${keys.map((key) => `${JSON.stringify(key)}:${canonicalJson(record[key])}`).join(',')}}`;
	}
	throw notCanonical(`a value of type ${typeof value}`);
}

const notCanonical = (what: string) =>
	new FactoryError('VALUE_NOT_CANONICAL', `Cannot be written as canonical JSON: found ${what}. Use JSON values only.`);

/** The same value with sorted keys and without undefined. */
export const canonicalValue = <T>(value: T): T => JSON.parse(canonicalJson(value)) as T;

export const sha256Hex = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

export const canonicalSha256 = (value: unknown): string => sha256Hex(canonicalJson(value));
