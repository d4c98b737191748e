import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';
import { listAppointments, listCalendars } from '../../core/crm';
import { asText, tenantList } from '../shared';

type Row = Record<string, unknown>;
type Search = (
	this: ILoadOptionsFunctions,
	filter?: string,
	paginationToken?: string,
) => Promise<INodeListSearchResult>;

const matching = (rows: Row[], name: (row: Row) => string, search: string | undefined): Row[] =>
	search ? rows.filter((row) => name(row).toLowerCase().includes(search.toLowerCase())) : rows;

const calendarName = (row: Row): string => `${asText(row.name)} (${asText(row.provider)}, ${asText(row.status)})`;

export const searchCalendars: Search = tenantList<Row>(
	async (_, { database, tenantId, search }) => matching(await listCalendars(database, tenantId), calendarName, search),
	(row) => ({ name: calendarName(row), value: asText(row.id) }),
);

const appointmentName = (row: Row): string =>
	`${asText(row.contact_name) || asText(row.title)}: ${(row.starts_at as Date).toISOString().slice(0, 16)} (${asText(row.status)})`;

export const searchAppointments: Search = tenantList<Row>(
	async (_, { database, tenantId, search }) =>
		matching(await listAppointments(database, tenantId, { from: new Date() }), appointmentName, search),
	(row) => ({ name: appointmentName(row), value: asText(row.id) }),
);
