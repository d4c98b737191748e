import { createCrmFaults, type CrmFault, type CrmRequest } from './crm-faults';
import { createHttpServer, type HttpReply, type HttpRequest, type HttpRoutes } from './http';

type Row = Record<string, any>;

export interface PipedriveStandIn {
	url: string;
	deals: Row[];
	persons: Row[];
	notes: Row[];
	requests: CrmRequest[];
	/** Makes the next matching requests go wrong. */
	fault(fault: CrmFault): void;
	heal(): void;
	/** What was made is found by search only after this: the real index runs behind. */
	holdSearch(held: boolean): void;
	/** Tokens that work; any other is answered with 401. */
	tokens: Set<string>;
	/** A person moves a deal in Pipedrive; answers the webhook that Pipedrive would send. */
	change(id: number, patch: Row): Row;
	close(): Promise<void>;
}

const PIPELINE = { id: 1, name: 'Vendas', order_nr: 1, is_deleted: false };
const STAGES = ['Lead', 'Contato', 'Proposta', 'Negociação', 'Fechado'].map((name, index) => ({
	id: index + 1,
	name,
	order_nr: index + 1,
	pipeline_id: PIPELINE.id,
}));

const failure = (status: number): Row => ({
	success: false,
	error: { 401: 'unauthorized access', 403: 'Scope and URL mismatch', 429: 'request over limit' }[status] ?? 'error',
	error_info: 'Please check developers.pipedrive.com',
});
const ok = (data: unknown, more: Row = {}): HttpReply => ({ status: 200, body: { success: true, data, ...more } });
const created = (data: unknown): HttpReply => ({ status: 201, body: { success: true, data } });

/** A local Pipedrive: API v2 of deals, persons, stages and pipelines, v1 of users, deal fields and notes, webhooks v2. */
export async function startPipedriveStandIn({
	port,
	tokens = ['pipedrive-token'],
	mayMakeFields = true,
	now = () => new Date(),
}: { port?: number; tokens?: string[]; mayMakeFields?: boolean; now?: () => Date } = {}): Promise<PipedriveStandIn> {
	const faults = createCrmFaults(failure);
	const state = { deals: [] as Row[], persons: [] as Row[], notes: [] as Row[], fields: [] as Row[], held: false };
	const known = new Set(tokens);
	/** Whole seconds, as Pipedrive tells times. */
	const at = (): string => `${now().toISOString().slice(0, 19)}Z`;
	const visible = (rows: Row[]): Row[] => (state.held ? rows.filter((row) => row.indexed) : rows);
	const bare = ({ indexed: _, ...row }: Row): Row => row;

	const guarded = (routes: HttpRoutes): HttpRoutes =>
		Object.fromEntries(
			Object.entries(routes).map(([route, handler]) => [
				route,
				(request: HttpRequest) =>
					known.has(String(request.headers['x-api-token'] ?? ''))
						? handler(request)
						: { status: 401, body: failure(401) },
			]),
		);

	const dealOf = (body: Row): HttpReply => {
		if (typeof body.title !== 'string' || body.title === '') return { status: 400, body: failure(400) };
		if (body.stage_id !== undefined && !STAGES.some(({ id }) => id === body.stage_id))
			return { status: 400, body: failure(400) };
		const deal = {
			...{ id: state.deals.length + 101, status: 'open', stage_id: STAGES[0].id, pipeline_id: PIPELINE.id, value: 0 },
			...{ custom_fields: {}, is_deleted: false, ...body, add_time: at(), update_time: at(), indexed: !state.held },
		};
		state.deals.push(deal);
		return created(bare(deal));
	};
	const patch = (deal: Row | undefined, body: Row): HttpReply => {
		if (!deal || deal.is_deleted) return { status: 404, body: failure(404) };
		Object.assign(deal, body, { update_time: at() });
		return ok(bare(deal));
	};
	const byId = (rows: Row[], request: HttpRequest): Row | undefined =>
		rows.find(({ id }) => String(id) === request.params.id);

	const routes: HttpRoutes = {
		'GET /api/v1/users/me': () => ok({ id: 7, name: 'Vendas', company_name: 'Empresa Teste', company_domain: 'teste' }),
		'GET /api/v1/dealFields': () => ok(state.fields),
		'POST /api/v1/dealFields': (request) => {
			if (!mayMakeFields) return { status: 403, body: failure(403) };
			const field = { id: 12500, key: 'a'.repeat(40), ...(request.json() as Row) };
			state.fields.push(field);
			return created(field);
		},
		'POST /api/v1/notes': (request) => {
			state.notes.push(request.json() as Row);
			return created({ id: state.notes.length });
		},
		'GET /api/v2/pipelines': () => ok([PIPELINE], { additional_data: { next_cursor: null } }),
		'GET /api/v2/stages': () => ok(STAGES, { additional_data: { next_cursor: null } }),
		'GET /api/v2/persons/search': ({ query }) => {
			const term = query.get('term') ?? '';
			const key = query.get('fields') === 'email' ? 'emails' : 'phones';
			const match = (value: string): boolean => value === term || value.replace(/\D/g, '') === term;
			const found = visible(state.persons).filter((person) => (person[key] ?? []).some((one: Row) => match(one.value)));
			return ok({
				items: found.map((item) => ({ result_score: 1, item: { id: item.id, type: 'person', name: item.name } })),
			});
		},
		'GET /api/v2/persons': ({ query }) =>
			ok(state.persons.filter(({ update_time }) => update_time >= (query.get('updated_since') ?? '')).map(bare)),
		'POST /api/v2/persons': (request) => {
			const person = { id: state.persons.length + 501, ...(request.json() as Row), add_time: at(), update_time: at() };
			state.persons.push({ ...person, indexed: !state.held });
			return created(person);
		},
		'GET /api/v2/deals/search': ({ query }) => {
			const term = (query.get('term') ?? '').toLowerCase();
			const texts = (deal: Row): string[] => [deal.title, ...Object.values(deal.custom_fields)].map(String);
			const found = visible(state.deals).filter((deal) => texts(deal).some((one) => one.toLowerCase().includes(term)));
			return ok({
				items: found.map((item) => ({ result_score: 1, item: { id: item.id, type: 'deal', title: item.title } })),
			});
		},
		'GET /api/v2/deals': ({ query }) => {
			const person = query.get('person_id');
			const since = query.get('updated_since') ?? '';
			const start = Number(query.get('cursor') ?? 0);
			const limit = Number(query.get('limit') ?? 100);
			const found = state.deals
				.filter((deal) => !deal.is_deleted && (person === null || String(deal.person_id) === person))
				.filter(({ update_time }) => update_time >= since)
				.sort((a, b) => String(a.update_time).localeCompare(String(b.update_time)));
			const next = found.length > start + limit ? String(start + limit) : null;
			return ok(found.slice(start, start + limit).map(bare), { additional_data: { next_cursor: next } });
		},
		'GET /api/v2/deals/:id': (request) => {
			const deal = byId(state.deals, request);
			return deal ? ok(bare(deal)) : { status: 404, body: failure(404) };
		},
		'POST /api/v2/deals': (request) => dealOf(request.json() as Row),
		'PATCH /api/v2/deals/:id': (request) => patch(byId(state.deals, request), request.json() as Row),
	};
	const server = createHttpServer(faults.wrap(guarded(routes)));
	const { url } = await server.listen(port);
	return {
		url,
		...{ deals: state.deals, persons: state.persons, notes: state.notes, requests: faults.requests, tokens: known },
		...{ fault: faults.add, heal: faults.clear },
		holdSearch: (held) => void (state.held = held),
		change: (id, changes) => {
			const deal = state.deals.find((one) => one.id === id)!;
			const previous = Object.fromEntries(Object.keys(changes).map((key) => [key, deal[key]]));
			Object.assign(deal, { update_time: at() }, changes);
			return webhookOf(bare(deal), previous, now());
		},
		close: async () => await server.close(),
	};
}

const webhookOf = (deal: Row, previous: Row, at: Date): Row => ({
	meta: {
		...{
			action: 'change',
			entity: 'deal',
			company_id: '1',
			correlation_id: `c-${deal.id}`,
			entity_id: String(deal.id),
		},
		...{ id: `e-${deal.id}-${at.getTime()}`, is_bulk_edit: false, timestamp: at.toISOString(), type: 'general' },
		...{ user_id: '7', version: '2.0', webhook_id: '1', webhook_owner_id: '7', change_source: 'app', attempt: 1 },
		...{ host: 'teste.pipedrive.com', permitted_user_ids: ['7'] },
	},
	data: deal,
	previous,
});
