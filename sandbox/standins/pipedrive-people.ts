import type { HttpReply, HttpRoutes } from './http';

export type Row = Record<string, unknown>;

export const rowOf = (value: unknown): Row => (typeof value === 'object' && value !== null ? (value as Row) : {});
export const textOf = (value: unknown): string =>
	typeof value === 'string' || typeof value === 'number' ? String(value) : '';

export const failure = (status: number): Row => ({
	success: false,
	error: { 401: 'unauthorized access', 403: 'Scope and URL mismatch', 429: 'request over limit' }[status] ?? 'error',
	error_info: 'Please check developers.pipedrive.com',
});
export const refused = (status: number): HttpReply => ({ status, body: failure(status) });
export const ok = (data: unknown, more: Row = {}): HttpReply => ({
	status: 200,
	body: { success: true, data, ...more },
});
export const created = (data: unknown): HttpReply => ({ status: 201, body: { success: true, data } });

export interface PipedriveState {
	deals: Row[];
	persons: Row[];
	notes: Row[];
	fields: Row[];
	/** What was made while this holds is in no search. */
	held: boolean;
	/** Whole seconds, as Pipedrive tells times. */
	at(): string;
}

/** What the index of the search knows. */
export const found = (state: PipedriveState, rows: Row[]): Row[] =>
	state.held ? rows.filter((row) => row.indexed) : rows;
export const bare = ({ indexed: _, ...row }: Row): Row => row;

/** Persons of API v2. */
export const personRoutes = (state: PipedriveState): HttpRoutes => ({
	'GET /api/v2/persons/search': ({ query }) => {
		const term = query.get('term') ?? '';
		const key = query.get('fields') === 'email' ? 'emails' : 'phones';
		const match = (value: string): boolean => value === term || value.replace(/\D/g, '') === term;
		const values = (person: Row): string[] => ((person[key] ?? []) as Row[]).map((one) => textOf(one.value));
		const items = found(state, state.persons).filter((person) => values(person).some(match));
		return ok({ items: items.map(({ id, name }) => ({ result_score: 1, item: { id, type: 'person', name } })) });
	},
	'GET /api/v2/persons': ({ query }) => {
		const since = query.get('updated_since') ?? '';
		return ok(state.persons.filter((person) => textOf(person.update_time) >= since).map(bare));
	},
	'POST /api/v2/persons': (request) => {
		const times = { add_time: state.at(), update_time: state.at() };
		const person = { id: state.persons.length + 501, ...rowOf(request.json()), ...times };
		state.persons.push({ ...person, indexed: !state.held });
		return created(person);
	},
});
