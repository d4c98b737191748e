import {
	NodeOperationError,
	type ILoadOptionsFunctions,
	type INodeListSearchItems,
	type INodeListSearchResult,
} from 'n8n-workflow';
import { listAgents, listVersions } from '../../core/agents';
import { listContacts, listConversations } from '../../core/conversations';
import {
	listCampaigns,
	listIntegrations,
	listLeads,
	listStages,
	type BoardStage,
	type Integration,
} from '../../core/crm';
import type { Database } from '../../core/database';
import { isFactoryError } from '../../core/errors';
import { listSuggestions, type StoredSuggestion } from '../../core/improvement';
import { listTemplates } from '../../core/outbox';
import {
	listAccessKeys,
	listChannelAccounts,
	listMembers,
	listTenants,
	resolveTenant,
	type AccessKey,
	type Member,
} from '../../core/tenancy';
import { openNodeDatabase } from './database';
import { LIST_MAX, LIST_PAGE } from './defaults';
import { toNodeError } from './errors';
import { asText } from './parameters';
import { SUGGESTION_STATES } from './suggestion-states';

type Row = Record<string, unknown>;
type Picked = { mode?: string; value?: unknown } | string | undefined;

/** What a list needs to be read: `limit` rows from the start. */
interface ListCall {
	database: Database;
	tenantId: string;
	search: string | undefined;
	limit: number;
}

const UUID = /^[0-9a-f-]{36}$/i;
const entry = (name: string, value: unknown): INodeListSearchItems => ({ name, value: asText(value) });

/** Shows the error in the list instead of an empty list. */
async function shown<T>(context: ILoadOptionsFunctions, work: () => Promise<T>): Promise<T> {
	try {
		return await work();
	} catch (error) {
		const nodeError = toNodeError(context.getNode(), error);
		// The editor shows only the message of a failed list.
		if (isFactoryError(error)) nodeError.message = error.message;
		throw nodeError;
	}
}

const open = async (context: ILoadOptionsFunctions): Promise<Database> => {
	const options = (context.getCurrentNodeParameter('options') ?? {}) as { schema?: string };
	return await openNodeDatabase(context, options.schema);
};

/** The value of another locator of the node; an expression has none while nothing runs. */
function picked(context: ILoadOptionsFunctions, name: string): { mode: string; value: string } {
	const given = context.getCurrentNodeParameter(name) as Picked;
	const locator = typeof given === 'object' ? given : { mode: 'id', value: given };
	return { mode: locator?.mode ?? 'id', value: asText(locator?.value).trim() };
}

async function pickedTenant(context: ILoadOptionsFunctions, database: Database): Promise<string> {
	const { mode, value } = picked(context, 'tenant');
	if (mode === 'slug' && value !== '') return (await resolveTenant(database, { slug: value })).tenant.id;
	return requirePicked(context, value, 'tenant');
}

function requirePicked(context: ILoadOptionsFunctions, value: string, what: string): string {
	if (UUID.test(value)) return value;
	throw new NodeOperationError(
		context.getNode(),
		`Pick the ${what} first: by name or by id. An expression is unknown while nothing runs.`,
	);
}

/** Lists are read from the start up to the page's end, so that core needs no cursors for a picker. */
async function page<T>(
	token: string | undefined,
	read: (limit: number) => Promise<T[]>,
	toEntry: (row: T) => INodeListSearchItems,
): Promise<INodeListSearchResult> {
	const from = Number(token ?? 0);
	const to = Math.min(from + LIST_PAGE, LIST_MAX);
	const rows = await read(to + 1);
	return {
		results: rows.slice(from, to).map(toEntry),
		paginationToken: rows.length > to && to < LIST_MAX ? String(to) : undefined,
	};
}

/** A list search over rows of the picked tenant. */
export function tenantList<T>(
	read: (context: ILoadOptionsFunctions, call: ListCall) => Promise<T[]>,
	toEntry: (row: T) => INodeListSearchItems,
) {
	return async function (
		this: ILoadOptionsFunctions,
		filter?: string,
		paginationToken?: string,
	): Promise<INodeListSearchResult> {
		return await shown(this, async () => {
			const database = await open(this);
			const tenantId = await pickedTenant(this, database);
			const search = filter?.trim() || undefined;
			return await page(
				paginationToken,
				async (limit) => await read(this, { database, tenantId, search, limit }),
				toEntry,
			);
		});
	};
}

export async function searchTenants(
	this: ILoadOptionsFunctions,
	filter?: string,
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	return await shown(this, async () => {
		const database = await open(this);
		const search = filter?.trim() || undefined;
		return await page(
			paginationToken,
			async (limit) => await listTenants(database, { search, limit }),
			(row) => entry(row.status === 'active' ? row.name : `${row.name} (${row.status})`, row.id),
		);
	});
}

export const searchAgents = tenantList<Row>(
	async (_, { database, tenantId, ...options }) => await listAgents(database, tenantId, options),
	(row) => entry(`${asText(row.name)} (${asText(row.active_version) || 'no active version'})`, row.id),
);

/** Of each agent the version that answers now. */
export const searchVersionsInService = tenantList<Row>(
	async (_, { database, tenantId, ...options }) =>
		(await listAgents(database, tenantId, options)).filter(({ active_version_id: id }) => id !== null),
	(row) => entry(`${asText(row.name)} ${asText(row.active_version)}`, row.active_version_id),
);

export const searchVersions = tenantList(
	async (context, { database, tenantId, search, limit }) => {
		const agentId = requirePicked(context, picked(context, 'agent').value, 'agent');
		const versions = await listVersions(database, tenantId, agentId, search ? LIST_MAX : limit);
		return search ? versions.filter(({ version }) => version.includes(search)) : versions;
	},
	(row) => entry(row.isActive ? `${row.version} (active)` : row.version, row.id),
);

export const searchChannelAccounts = tenantList<Row>(
	async (_, { database, tenantId, search, limit }) => {
		const accounts = await listChannelAccounts(database, tenantId, search ? LIST_MAX : limit);
		const wanted = search?.toLowerCase();
		return wanted ? accounts.filter((row) => accountName(row).toLowerCase().includes(wanted)) : accounts;
	},
	(row) => entry(accountName(row), row.id),
);

const accountName = (row: Row): string =>
	`${asText(row.display_name) || asText(row.phone_number) || asText(row.external_id)} (${asText(row.kind)})`;

export const searchConversations = tenantList<Row>(
	async (_, { database, tenantId, ...options }) => await listConversations(database, tenantId, options),
	(row) =>
		entry(
			`${asText(row.contact_name) || asText(row.username) || asText(row.phone) || 'Unnamed contact'} (${asText(row.channel)}, ${asText(row.status)})`,
			row.id,
		),
);

export const searchContacts = tenantList<Row>(
	async (_, { database, tenantId, ...options }) => await listContacts(database, tenantId, options),
	(row) => entry(asText(row.full_name) || asText(row.username) || asText(row.phone) || 'Unnamed contact', row.id),
);

export const searchTemplates = tenantList<Row>(
	async (_, { database, tenantId, ...options }) => await listTemplates(database, tenantId, options),
	(row) => entry(`${asText(row.name)} (${asText(row.language)}, ${asText(row.meta_status)})`, row.id),
);

export const searchCampaigns = tenantList<Row>(
	async (_, { database, tenantId, search, limit }) => {
		const campaigns = await listCampaigns(database, tenantId, search ? LIST_MAX : limit);
		const wanted = search?.toLowerCase();
		return wanted ? campaigns.filter(({ name }) => name.toLowerCase().includes(wanted)) : campaigns;
	},
	(row) => entry(`${asText(row.name)} (${asText(row.status)})`, row.id),
);

/** Rows whose name holds what was typed. */
const named =
	<T>(nameOf: (row: T) => string, read: (call: ListCall) => Promise<T[]>) =>
	async (_: ILoadOptionsFunctions, call: ListCall): Promise<T[]> => {
		const wanted = call.search?.toLowerCase();
		const rows = await read(call);
		return wanted ? rows.filter((row) => nameOf(row).toLowerCase().includes(wanted)) : rows;
	};

export const searchCrms = tenantList(
	named<Integration>(
		({ name }) => name,
		async ({ database, tenantId }) => await listIntegrations(database, tenantId),
	),
	(row) => entry(row.blockedAt ? `${row.name} (token refused)` : row.name, row.id),
);

export const searchStages = tenantList(
	named<BoardStage>(
		({ name }) => name,
		async ({ database, tenantId }) => await listStages(database, tenantId),
	),
	(row) => entry(`${row.name} (${row.leads})`, row.id),
);

export const searchLeads = tenantList<Row>(
	async (_, { database, tenantId, ...options }) => await listLeads(database, tenantId, options),
	(row) =>
		entry(
			`${asText(row.name) || asText(row.username) || asText(row.phone) || 'Unnamed lead'} (${asText(row.score)}, ${asText(row.stageName)})`,
			row.id,
		),
);

const memberName = ({ full_name: name, email }: Member): string => (name ? `${name} (${email})` : email);

export const searchMembers = tenantList(
	named<Member>(memberName, async ({ database, tenantId }) => await listMembers(database, tenantId)),
	(row) => entry(memberName(row), row.user_id),
);

/** Those that still open something. */
export const searchAccessKeys = tenantList(
	named<AccessKey>(
		({ name }) => name,
		async ({ database, tenantId }) =>
			(await listAccessKeys(database, tenantId)).filter(({ revoked_at: ended }) => ended === null),
	),
	({ id, name, key_prefix: prefix }) => entry(`${name} (${prefix}…)`, id),
);

const REASONS = 60;

/** Suggestions for what the node's Target names, newest first. */
export const searchSuggestions = tenantList<StoredSuggestion>(
	async (context, { database, tenantId, search, limit }) => {
		const target = picked(context, 'target').value === 'prompt' ? 'prompt' : 'persona';
		const found = await listSuggestions(database, tenantId, target, { limit: search ? LIST_MAX : limit });
		return search ? found.filter((row) => suggestionName(row).toLowerCase().includes(search.toLowerCase())) : found;
	},
	(row) => entry(suggestionName(row), row.id),
);

const suggestionName = ({ createdAt, state, rationale, type }: StoredSuggestion): string =>
	`${createdAt.toISOString().slice(0, 10)}, ${SUGGESTION_STATES[state].name}: ${(rationale ?? type).slice(0, REASONS)}`;

/** For a node's `methods.listSearch`. */
export const listSearch = {
	searchTenants,
	searchAgents,
	searchVersions,
	searchVersionsInService,
	searchSuggestions,
	searchChannelAccounts,
	searchContacts,
	searchConversations,
	searchTemplates,
	searchCampaigns,
	searchCrms,
	searchStages,
	searchLeads,
	searchMembers,
	searchAccessKeys,
};
