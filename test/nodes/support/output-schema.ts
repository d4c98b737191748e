import { join } from 'node:path';
import { root } from './manifest';

export interface OutputSchema {
	type: string;
	properties?: Record<string, OutputSchema>;
	items?: OutputSchema;
	version?: number;
}

/** Where n8n looks for what an operation of version 1 puts out. */
export const schemaFile = (className: string, choice: { resource?: unknown; operation?: unknown }): string => {
	const { resource, operation } = choice;
	const path = [resource, operation].filter((part) => typeof part === 'string');
	const folder = join(root, 'nodes', className, '__schema__');
	return path.length === 0 ? join(folder, 'v1.0.0.json') : `${join(folder, 'v1.0.0', ...path)}.json`;
};

const typeOf = (value: unknown): string => {
	if (value === null || value === undefined) return 'null';
	if (Array.isArray(value)) return 'array';
	if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
	return typeof value;
};

/** The schema of values that stand in the same place: fields of all of them, in alphabetical order. */
export function schemaOf(values: readonly unknown[]): OutputSchema {
	const told = values.filter((value) => value !== null && value !== undefined);
	const type = told.length === 0 ? 'null' : typeOf(told[0]);
	if (type === 'array') return { type, items: schemaOf(told.flat()) };
	if (type !== 'object') return { type };
	const rows = told as Array<Record<string, unknown>>;
	const names = [...new Set(rows.flatMap((row) => Object.keys(row)))].sort();
	return {
		type,
		properties: Object.fromEntries(names.map((name) => [name, schemaOf(rows.map((row) => row[name]))])),
	};
}

const FITS: Record<string, string[]> = { integer: ['number'], number: ['integer'] };

/** What an output and a schema do not agree on, by path; what is null may be of any type. */
export function differences(schema: OutputSchema, seen: OutputSchema, at = '$'): string[] {
	if (seen.type === 'null' || schema.type === 'null') return [];
	if (seen.type !== schema.type && !FITS[seen.type]?.includes(schema.type))
		return [`${at} is ${seen.type}, not ${schema.type}`];
	if (seen.items && schema.items) return differences(schema.items, seen.items, `${at}[]`);
	const [told, real] = [schema.properties ?? {}, seen.properties ?? {}];
	return [
		...Object.keys(real).flatMap((name) =>
			told[name] ? differences(told[name], real[name], `${at}.${name}`) : [`${at}.${name} is not in the schema`],
		),
		...Object.keys(told).flatMap((name) => (real[name] ? [] : [`${at}.${name} was not put out`])),
	];
}
