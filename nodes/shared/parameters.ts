import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import type { Database } from '../../core/database';
import { FactoryError } from '../../core/errors';
import { resolveTenant } from '../../core/tenancy';
import { refuseModelsTenant } from './tool-scope';

/** A resource locator as n8n hands it over, or the plain text that an expression may put in its place. */
type Locator = string | { mode?: string; value?: unknown } | null | undefined;

const UUID = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/** Plain values as text; an object or nothing is an empty text. */
export const asText = (value: unknown): string =>
	typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';

const valueOf = (locator: Locator): string =>
	asText(typeof locator === 'object' && locator !== null ? locator.value : locator).trim();

/** The id behind a resource locator; refused when nothing was picked or the expression came out empty. */
export function locatorId(context: IExecuteFunctions, name: string, itemIndex: number): string {
	const value = valueOf(context.getNodeParameter(name, itemIndex, '') as Locator);
	if (!UUID.test(value)) {
		const seen = value === '' ? 'is empty' : 'is not an id';
		throw new FactoryError(
			'VALUE_REFUSED',
			`Field "${name}" ${seen}. Pick one from the list, or give an id (a uuid).`,
			{ item: name },
		);
	}
	return value;
}

/** The tenant's id, whichever way it was picked: name, id or slug. */
export async function tenantId(context: IExecuteFunctions, database: Database, itemIndex: number): Promise<string> {
	refuseModelsTenant(context, 'tenant');
	const locator = context.getNodeParameter('tenant', itemIndex, '') as Locator;
	const slug = typeof locator === 'object' && locator?.mode === 'slug' ? valueOf(locator) : '';
	if (slug !== '') return (await resolveTenant(database, { slug })).tenant.id;
	return locatorId(context, 'tenant', itemIndex);
}

/** The input item's json. */
export const itemJson = (context: IExecuteFunctions, itemIndex: number): IDataObject =>
	context.getInputData()[itemIndex].json;

/** `={{ $json }}` or `={{ $json.field }}`, as our defaults are written. */
const FIELD_OF_ITEM = /^=\{\{ ?\$json((?:\.\w+)*) ?\}\}$/;

/** A parameter that names the item or a field of it is read off the item: n8n's expression engine need not start for that. */
export function itemParameter(context: IExecuteFunctions, name: string, itemIndex: number): unknown {
	const raw: unknown = context.getNodeParameter(name, itemIndex, undefined, { rawExpressions: true });
	const path = typeof raw === 'string' ? FIELD_OF_ITEM.exec(raw)?.[1] : undefined;
	if (path === undefined) return context.getNodeParameter(name, itemIndex);
	return path
		.split('.')
		.slice(1)
		.reduce<unknown>((value, key) => (value as IDataObject | undefined)?.[key], itemJson(context, itemIndex));
}

/** A parameter that takes an object, or its JSON text. */
export function jsonParameter<T = unknown>(context: IExecuteFunctions, name: string, itemIndex: number): T {
	const given = itemParameter(context, name, itemIndex);
	if (typeof given !== 'string') return given as T;
	try {
		return JSON.parse(given) as T;
	} catch {
		throw new FactoryError('VALUE_REFUSED', `Field "${name}" is not JSON. Give an object, or its JSON text.`, {
			item: name,
		});
	}
}

/** Secrets given one a line; none of them holds blanks or commas. */
export const secretList = (text: string | undefined): string[] =>
	(text ?? '').split(/[\s,]+/).filter((secret) => secret !== '');
