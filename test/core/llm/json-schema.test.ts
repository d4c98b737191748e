import { z } from 'zod/v4';
import { toStrictJsonSchema } from '../../../core/llm/json-schema';

describe('toStrictJsonSchema', () => {
	it('requires every property and closes every object, nested ones too', () => {
		const schema = z.object({ a: z.string(), list: z.array(z.object({ n: z.number().nullable() })) });
		expect(toStrictJsonSchema(schema, { keepBounds: true })).toEqual({
			type: 'object',
			properties: {
				a: { type: 'string' },
				list: {
					type: 'array',
					items: {
						type: 'object',
						properties: { n: { anyOf: [{ type: 'number' }, { type: 'null' }] } },
						required: ['n'],
						additionalProperties: false,
					},
				},
			},
			required: ['a', 'list'],
			additionalProperties: false,
		});
	});

	it('keeps bounds where the provider takes them', () => {
		const schema = z.object({ list: z.array(z.string()).min(1).max(3), n: z.int().min(0) });
		expect(toStrictJsonSchema(schema, { keepBounds: true }).properties).toEqual({
			list: { type: 'array', items: { type: 'string' }, minItems: 1, maxItems: 3 },
			n: { type: 'integer', minimum: 0 },
		});
	});

	it('moves bounds into the description where it does not', () => {
		const schema = z.object({ n: z.number().min(1).max(5).describe('Grade') });
		expect(toStrictJsonSchema(schema, { keepBounds: false }).properties).toEqual({
			n: { type: 'number', description: 'Grade (minimum: 1, maximum: 5)' },
		});
	});

	it('makes the model fill in what has a default', () => {
		const schema = z.object({ n: z.number().default(3) });
		expect(toStrictJsonSchema(schema, { keepBounds: true })).toMatchObject({ required: ['n'] });
	});

	it.each([
		['an optional property', z.object({ a: z.object({ b: z.string().optional() }) }), 'a.b of the answer'],
		['a record', z.object({ a: z.record(z.string(), z.string()) }), 'Field a '],
		['an array outside', z.array(z.string()), 'must be an object'],
	])('refuses %s and names the field', (_case, schema, message) => {
		expect(() => toStrictJsonSchema(schema, { keepBounds: true })).toThrow(message);
	});
});
