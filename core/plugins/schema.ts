import Ajv, { type ValidateFunction } from 'ajv';
import { SCHEMA_CACHE, TOOL_BOUNDS } from './defaults';
import type { JsonSchema } from './types';

/** More fields than this in a refusal help no model. */
const NAMED_FIELDS = 5;

// Formats are not checked: models know them by name, and the tool checks its own input.
const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true, addUsedSchema: false });
const compiled = new Map<string, ValidateFunction>();

function validatorOf(schema: JsonSchema): ValidateFunction {
	const key = JSON.stringify(schema);
	const known = compiled.get(key);
	if (known) return known;
	if (compiled.size >= SCHEMA_CACHE) compiled.delete(compiled.keys().next().value as string);
	const validate = ajv.compile({ ...schema, $id: undefined });
	compiled.set(key, validate);
	return validate;
}

/** What is wrong with a value, by path and rule; null when it fits. Values stay out: they are a customer's. */
export function misfit(schema: JsonSchema, value: unknown): string | null {
	const validate = validatorOf(schema);
	if (validate(value)) return null;
	return (validate.errors ?? [])
		.slice(0, NAMED_FIELDS)
		.map(({ instancePath, keyword, params, message }) => {
			const where = keyword === 'required' ? String(params.missingProperty) : instancePath.slice(1) || '(all)';
			return `${where}: ${message ?? keyword}`;
		})
		.join('; ');
}

/** Why a schema cannot be one of a tool; null when it can. */
export function schemaProblem(schema: JsonSchema): string | null {
	if (schema.type !== 'object') return 'must be a JSON schema whose type is "object"';
	if (JSON.stringify(schema).length > TOOL_BOUNDS.schemaCharacters)
		return `is longer than ${TOOL_BOUNDS.schemaCharacters} characters as JSON: shorten it`;
	try {
		validatorOf(schema);
		return null;
	} catch {
		return 'is not a valid JSON schema';
	}
}
