import { isRecord, type JsonSchema } from './llm-exchange';

/** The smallest value that a schema of structured outputs allows: first branch, first enum entry, shortest text. */
export function smallestValue(schema: JsonSchema, root: JsonSchema = schema): unknown {
	if (typeof schema.$ref === 'string') return smallestValue(resolveRef(schema.$ref, root), root);
	if ('const' in schema) return schema.const;
	if (Array.isArray(schema.enum)) return schema.enum[0] as unknown;
	if (Array.isArray(schema.anyOf)) return smallestOf(schema.anyOf, root);
	switch (Array.isArray(schema.type) ? schema.type[0] : schema.type) {
		case 'object':
			return smallestObject(schema, root);
		case 'array':
			return smallestArray(schema, root);
		case 'string':
			return smallestText(schema);
		case 'integer':
		case 'number':
			return smallestNumber(schema);
		case 'boolean':
			return false;
		default:
			return null;
	}
}

/** null where it is allowed: nothing is smaller, and a recursive schema ends there. */
function smallestOf(branches: unknown[], root: JsonSchema): unknown {
	const schemas = branches.filter(isRecord);
	if (schemas.some((branch) => branch.type === 'null')) return null;
	return schemas[0] ? smallestValue(schemas[0], root) : null;
}

function smallestObject(schema: JsonSchema, root: JsonSchema): Record<string, unknown> {
	const properties = isRecord(schema.properties) ? schema.properties : {};
	const required = Array.isArray(schema.required) ? (schema.required as string[]) : Object.keys(properties);
	return Object.fromEntries(
		required.map((name) => [name, isRecord(properties[name]) ? smallestValue(properties[name], root) : null]),
	);
}

function smallestArray(schema: JsonSchema, root: JsonSchema): unknown[] {
	const least = bound(schema, 'minItems') ?? 0;
	return Array.from({ length: least }, () => (isRecord(schema.items) ? smallestValue(schema.items, root) : null));
}

const FORMATS: Record<string, string> = {
	date: '2026-01-01',
	'date-time': '2026-01-01T00:00:00Z',
	email: 'a@example.com',
	uri: 'https://example.com',
	uuid: '00000000-0000-4000-8000-000000000000',
};

function smallestText(schema: JsonSchema): string {
	const format = typeof schema.format === 'string' ? schema.format : described(schema, 'format', /[\w-]+/);
	return (format && FORMATS[format]) || 'x'.repeat(bound(schema, 'minLength') ?? 0);
}

function smallestNumber(schema: JsonSchema): number {
	const least = bound(schema, 'minimum');
	const above = bound(schema, 'exclusiveMinimum');
	const most = bound(schema, 'maximum') ?? bound(schema, 'exclusiveMaximum');
	if (least !== null) return least;
	if (above !== null) return above + 1;
	return most !== null && most <= 0 ? most - 1 : 0;
}

/** A bound as a keyword, or as the sentence that a port makes of it for an API that refuses the keyword. */
function bound(schema: JsonSchema, key: string): number | null {
	if (typeof schema[key] === 'number') return schema[key];
	const said = described(schema, key, /-?[\d.]+/);
	return said === null ? null : Number(said);
}

function described(schema: JsonSchema, key: string, value: RegExp): string | null {
	if (typeof schema.description !== 'string') return null;
	return new RegExp(`\\b${key}: "?(${value.source})`).exec(schema.description)?.[1] ?? null;
}

function resolveRef(ref: string, root: JsonSchema): JsonSchema {
	let node: unknown = root;
	for (const part of ref.replace(/^#\/?/, '').split('/')) {
		if (part !== '' && isRecord(node)) node = node[part];
	}
	return isRecord(node) ? node : {};
}
