import type { IExecuteFunctions } from 'n8n-workflow';
import { FactoryError } from '../../core/errors';
import { locatorId } from './parameters';

/** Where a value is read: the node and the item. */
interface Place {
	context: IExecuteFunctions;
	itemIndex: number;
}

export const refuse = (field: string, why: string): FactoryError =>
	new FactoryError('VALUE_REFUSED', `Field "${field}" ${why}`, { item: field });

/** A text parameter without outer white space; nothing when empty. */
export function textOf({ context, itemIndex }: Place, name: string): string | undefined {
	const value: unknown = context.getNodeParameter(name, itemIndex, '');
	return clean(value);
}

/** A text parameter that must say something. */
export function requiredText(place: Place, name: string): string {
	const value = textOf(place, name);
	if (value === undefined) throw refuse(name, 'is empty. Fill it in.');
	return value;
}

/** A number parameter: a whole number from 1 up. */
export function limitOf({ context, itemIndex }: Place): number {
	const value = Number(context.getNodeParameter('limit', itemIndex));
	if (!Number.isInteger(value) || value < 1) throw refuse('limit', 'must be a whole number from 1 up. Correct it.');
	return value;
}

/** A collection without what was left empty. */
export function filledIn(place: Place, name: string): Record<string, unknown> {
	const given = place.context.getNodeParameter(name, place.itemIndex, {}) as Record<string, unknown>;
	return Object.fromEntries(Object.entries(given).filter(([, value]) => clean(value) !== undefined));
}

/** A time as ISO 8601, from what the date picker or an expression gives. */
export function timeOf(field: string, value: unknown): string | undefined {
	const text = clean(value);
	if (text === undefined) return undefined;
	const time = new Date(text);
	if (Number.isNaN(time.getTime())) throw refuse(field, 'is not a time. Write e.g. 2027-01-31T00:00:00Z.');
	return time.toISOString();
}

/** Any parameter value as text; a date, n8n's own too, as ISO 8601. */
export function asText(value: unknown): string {
	if (typeof value === 'string') return value;
	if (value === null || value === undefined) return '';
	// What has a toJSON, such as a date, becomes a string by it.
	const plain: unknown = JSON.parse(JSON.stringify(value));
	return typeof plain === 'string' ? plain : JSON.stringify(plain);
}

const clean = (value: unknown): string | undefined => {
	const text = asText(value).trim();
	return text === '' ? undefined : text;
};

/** Whether a resource locator that may stay empty holds anything. */
export const isPicked = (locator: unknown): boolean =>
	clean(typeof locator === 'object' && locator !== null ? (locator as { value?: unknown }).value : locator) !==
	undefined;

/** The id behind a resource locator that may stay empty. */
export const pickedId = ({ context, itemIndex }: Place, name: string): string | undefined =>
	isPicked(context.getNodeParameter(name, itemIndex, '')) ? locatorId(context, name, itemIndex) : undefined;
