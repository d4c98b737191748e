import { z } from 'zod/v4';
import { llmError } from './errors';

export type JsonSchema = Record<string, unknown>;

export interface StrictSchemaOptions {
	/**
	 * Keep length, range and pattern keywords. Anthropic refuses most of them, so there they move into the description,
	 * where the model still reads them; zod checks them in either case.
	 */
	keepBounds: boolean;
}

/** Keywords that both providers take in strict mode. */
const KEPT = new Set(['type', 'enum', 'const', 'description', 'title', '$ref']);
/** Keywords that go without a word: the dialect, and defaults, which a strict schema makes the model fill in. */
const DROPPED = new Set(['$schema', '$id', 'default', 'additionalProperties', 'required', 'examples']);
/** zod adds the safe integers to every z.int(): true, but noise in a description. */
const SAFE_INTEGER_BOUNDS = new Set<unknown>([Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER]);

const made = new WeakMap<z.ZodType<unknown>, Map<boolean, JsonSchema>>();

/** zod to the JSON Schema that structured outputs take: every property required, no others allowed. Made once a schema. */
export function toStrictJsonSchema(schema: z.ZodType<unknown>, options: StrictSchemaOptions): JsonSchema {
	const forms = made.get(schema) ?? new Map<boolean, JsonSchema>();
	const strict = forms.get(options.keepBounds) ?? makeStrict(schema, options);
	made.set(schema, forms.set(options.keepBounds, strict));
	return strict;
}

function makeStrict(schema: z.ZodType<unknown>, options: StrictSchemaOptions): JsonSchema {
	const strict = strictNode(z.toJSONSchema(schema, { io: 'input' }), '', options);
	if (strict.type !== 'object') throw badSchema('', 'the outermost schema must be an object');
	return strict;
}

function strictNode(node: JsonSchema, path: string, options: StrictSchemaOptions): JsonSchema {
	const strict: JsonSchema = {};
	const bounds: string[] = [];
	for (const [key, value] of Object.entries(node)) {
		if (DROPPED.has(key)) continue;
		if (KEPT.has(key)) strict[key] = value;
		else if (key === 'properties') strict.properties = strictMap(value, path, options);
		else if (key === '$defs') strict.$defs = strictMap(value, `${path}$defs.`, options);
		else if (key === 'items') strict.items = strictNode(value as JsonSchema, `${path}[]`, options);
		else if (key === 'anyOf' || key === 'oneOf') strict.anyOf = strictList(value, path, options);
		else if (isBound(key)) {
			if (SAFE_INTEGER_BOUNDS.has(value)) continue;
			if (options.keepBounds && key !== 'minLength' && key !== 'maxLength') strict[key] = value;
			else bounds.push(`${key}: ${String(value)}`);
		} else throw badSchema(path, `"${key}" has no counterpart in structured outputs`);
	}
	if (node.type === 'object') closeObject(strict, node, path);
	if (bounds.length > 0) strict.description = [strict.description, `(${bounds.join(', ')})`].filter(Boolean).join(' ');
	return strict;
}

function closeObject(strict: JsonSchema, node: JsonSchema, path: string): void {
	if (!strict.properties) throw badSchema(path, 'a record has no fixed properties: use an array of name and value');
	const required = new Set(Array.isArray(node.required) ? (node.required as string[]) : []);
	for (const [name, property] of Object.entries(node.properties as Record<string, JsonSchema>)) {
		// Strict mode makes the model answer every property, and null is not what an optional one takes.
		if (!required.has(name) && !('default' in property))
			throw badSchema(`${path}${name}`, 'use nullable, not optional');
	}
	strict.required = Object.keys(strict.properties);
	strict.additionalProperties = false;
}

const BOUNDS = new Set(
	'minLength maxLength pattern format minItems maxItems minimum maximum exclusiveMinimum exclusiveMaximum multipleOf'.split(
		' ',
	),
);

const isBound = (key: string): boolean => BOUNDS.has(key);

function strictMap(value: unknown, path: string, options: StrictSchemaOptions): JsonSchema {
	const entries = Object.entries(value as Record<string, JsonSchema>);
	return Object.fromEntries(entries.map(([name, child]) => [name, strictNode(child, `${path}${name}.`, options)]));
}

function strictList(value: unknown, path: string, options: StrictSchemaOptions): JsonSchema[] {
	return (value as JsonSchema[]).map((child) => strictNode(child, path, options));
}

function badSchema(path: string, why: string): Error {
	const where = path === '' ? 'The answer schema' : `Field ${path.replace(/\.$/, '')} of the answer schema`;
	return llmError('LLM_REQUEST', `${where} cannot be sent to a model: ${why}.`, { reason: 'schema' });
}
