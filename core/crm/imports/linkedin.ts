import { z } from 'zod/v4';
import { FactoryError } from '../../errors';
import type { Field } from './form-lead';

/** A flat object, as relays post a lead of LinkedIn: LinkedIn itself tells ids alone, and only to apps that it approved. */
const bodySchema = z
	.record(z.string().max(300), z.union([z.string(), z.number(), z.boolean(), z.null()]))
	.refine((body) => Object.keys(body).length <= 100);

/** The fields by snake case names: LinkedIn writes firstName, emailAddress, phoneNumber. */
export function linkedInFields(given: unknown): Field[] {
	const parsed = bodySchema.safeParse(given);
	if (!parsed.success)
		throw new FactoryError(
			'IMPORT_UNREADABLE',
			'The body is no flat object of texts and numbers. Map the fields of the lead one by one, e.g. email, phone, lead_id.',
		);
	return Object.entries(parsed.data)
		.filter(([name]) => name !== 'key')
		.map(([name, value]): Field => [name.replace(/([a-z])([A-Z])/g, '$1_$2'), value === null ? '' : String(value)]);
}

export const linkedInKey = (given: unknown): string => {
	const key = (given as { key?: unknown } | null)?.key;
	return typeof key === 'string' ? key : '';
};
