import type { IDisplayOptions, INodeProperties } from 'n8n-workflow';
import { DEFAULT_SCHEMA } from '../../core/database';
import { DEFAULT_LIMIT } from './defaults';

const UUID = '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$';

/** Reads the id that the item carries from Queue Claim or Tenant Resolver. */
export const fromItem = (field: string): string => `={{ $json.${field} }}`;

interface LocatorSettings {
	displayName: string;
	name: string;
	description: string;
	/** Name of the method in list-search.ts. */
	searchMethod: string;
	/** Expression or id; without it the list is offered first. */
	default?: string;
	required?: boolean;
	displayOptions?: IDisplayOptions;
}

/** Something picked from the database: by name with search, or by id. */
export function locatorField(settings: LocatorSettings): INodeProperties {
	const { searchMethod, ...field } = settings;
	return {
		...field,
		type: 'resourceLocator',
		required: settings.required ?? true,
		default: settings.default ? { mode: 'id', value: settings.default } : { mode: 'list', value: '' },
		modes: [
			{
				displayName: 'From List',
				name: 'list',
				type: 'list',
				placeholder: `Select ${settings.displayName.toLowerCase()}…`,
				typeOptions: { searchListMethod: searchMethod, searchable: true },
			},
			{
				displayName: 'By ID',
				name: 'id',
				type: 'string',
				placeholder: '3f0c8e2a-7c1d-4f6e-9b1a-2d5e8c7f4a10',
				validation: [{ type: 'regex', properties: { regex: UUID, errorMessage: 'An ID is a UUID' } }],
			},
		],
	};
}

/** Whose data: by name, id or slug. Pipeline nodes pass `fromItem('tenantId')`. */
export function tenantField(settings: { default?: string; displayOptions?: IDisplayOptions } = {}): INodeProperties {
	const field = locatorField({
		displayName: 'Tenant',
		name: 'tenant',
		description: 'The client business whose data this works on',
		searchMethod: 'searchTenants',
		...settings,
	});
	field.modes?.push({ displayName: 'By Slug', name: 'slug', type: 'string', placeholder: 'fitpro' });
	return field;
}

/** A person who works for the tenant. */
export const memberField = (settings: Omit<LocatorSettings, 'displayName' | 'searchMethod'>): INodeProperties =>
	locatorField({ displayName: 'Member', searchMethod: 'searchMembers', ...settings });

/** Somebody who may become a client: by name, or as an earlier node put the lead out. */
export const leadField = (settings: Omit<LocatorSettings, 'displayName' | 'searchMethod'>): INodeProperties =>
	locatorField({ displayName: 'Lead', searchMethod: 'searchLeads', ...settings });

/** Where an operation stands in a shipped workflow, for whoever drops the node on an empty canvas. */
export const placeNotice = (text: string): INodeProperties => ({
	displayName: text,
	name: 'placeNotice',
	type: 'notice',
	default: '',
});

/** A list's value as people read it below the node ("deliverDue" -> "deliver due"), for a `subtitle` expression. */
export const inWords = (parameter: string): string =>
	`$parameter["${parameter}"].replace(/[A-Z]/g, " $&").toLowerCase()`;

/** Where the tables are; every node that uses the database offers it. */
const SCHEMA_OPTION: INodeProperties = {
	displayName: 'Schema',
	name: 'schema',
	type: 'string',
	default: DEFAULT_SCHEMA,
	description: 'Postgres schema that holds the tables of the factory',
};

/** The "Options" collection of a node: the schema and whatever else the node adds. */
export const optionsField = (more: INodeProperties[] = []): INodeProperties => ({
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add option',
	default: {},
	options: [...more, SCHEMA_OPTION],
});

export const limitField = (
	settings: { displayOptions?: IDisplayOptions; description?: string; default?: number } = {},
): INodeProperties => ({
	displayName: 'Limit',
	name: 'limit',
	type: 'number',
	typeOptions: { minValue: 1 },
	default: DEFAULT_LIMIT,
	description: 'Max number of results to return',
	...settings,
});
