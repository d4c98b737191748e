import { createCrmFaults, type CrmFault, type CrmRequest } from './crm-faults';
import { createHttpServer, type HttpReply, type HttpRequest, type HttpRoutes } from './http';
import { rowOf, textOf, type Row } from './pipedrive-people';

export interface RdStationStandIn {
	url: string;
	deals: Row[];
	contacts: Row[];
	requests: CrmRequest[];
	/** Makes the next matching requests go wrong. */
	fault(fault: CrmFault): void;
	heal(): void;
	/** Tokens that work; any other is answered with 401. */
	tokens: Set<string>;
	/** A person changes a deal in RD Station; answers the webhook that RD Station would send. */
	change(id: string, patch: Row): Row;
	close(): Promise<void>;
}

interface State {
	deals: Row[];
	contacts: Row[];
	at(): string;
}

const idOf = (place: number): string => place.toString(16).padStart(24, '0');
const PIPELINE = idOf(1);
const STAGES = ['Lead', 'Contato', 'Proposta', 'Negociação', 'Fechado'].map((name, index) => ({
	...{ _id: idOf(11 + index), id: idOf(11 + index), name, nickname: name.slice(0, 2), order: index + 1 },
	deal_pipeline_id: PIPELINE,
}));
const stageOf = (id: unknown): Row => STAGES.find(({ _id }) => _id === id) ?? STAGES[0];
const isUnknown = (stage: unknown): boolean => stage !== undefined && !STAGES.some(({ _id }) => _id === stage);

const failure = (status: number): Row => (status === 401 ? { error: 'Unauthorized' } : { errors: [`HTTP ${status}`] });
const refused = (status: number): HttpReply => ({ status, body: failure(status) });

function make(state: State, body: Row): HttpReply {
	const { deal_stage_id: stage, ...rest } = rowOf(body.deal);
	if (textOf(rest.name) === '' || isUnknown(stage)) return refused(422);
	const id = idOf(1000 + state.deals.length);
	const given = Array.isArray(body.contacts) ? body.contacts.map(rowOf) : [];
	const contacts = given.map((contact, index) => ({ _id: idOf(5000 + state.contacts.length + index), ...contact }));
	state.contacts.push(...contacts);
	const times = { created_at: state.at(), updated_at: state.at() };
	const deal = { _id: id, id, win: null, ...rest, deal_stage: stageOf(stage), contacts, ...times };
	state.deals.push(deal);
	return { status: 200, body: deal };
}

/** Without `win` only what is open: the careful reading of the reference. */
function list({ deals }: State, query: URLSearchParams): HttpReply {
	const name = (query.get('name') ?? '').toLowerCase();
	const win = query.get('win') ?? 'null';
	const found = deals.filter((deal) => textOf(deal.name).toLowerCase().includes(name) && String(deal.win) === win);
	return { status: 200, body: { total: found.length, has_more: false, next_page: null, deals: found } };
}

const routesOf = (state: State): HttpRoutes => {
	const one = (request: HttpRequest): Row | undefined => state.deals.find(({ _id }) => _id === request.params.id);
	const pipelines = [{ _id: PIPELINE, id: PIPELINE, name: 'Funil Padrão', order: 1, deal_stages: STAGES }];
	return {
		'GET /api/v1/token/check': () => ({ status: 200, body: { name: 'Vendas', email: 'vendas@example.com' } }),
		'GET /api/v1/deal_pipelines': () => ({ status: 200, body: pipelines }),
		'GET /api/v1/deals': ({ query }) => list(state, query),
		'POST /api/v1/deals': (request) => make(state, rowOf(request.json())),
		'GET /api/v1/deals/:id': (request) => {
			const deal = one(request);
			return deal ? { status: 200, body: deal } : refused(404);
		},
		'PUT /api/v1/deals/:id': (request) => {
			const deal = one(request);
			const { deal: changes, deal_stage_id: stage } = rowOf(request.json());
			if (!deal) return refused(404);
			if (isUnknown(stage)) return refused(422);
			Object.assign(deal, rowOf(changes), stage ? { deal_stage: stageOf(stage) } : {}, { updated_at: state.at() });
			return { status: 200, body: deal };
		},
	};
};

const guarded = (routes: HttpRoutes, tokens: Set<string>): HttpRoutes =>
	Object.fromEntries(
		Object.entries(routes).map(([route, handler]) => [
			route,
			(request: HttpRequest) => (tokens.has(request.query.get('token') ?? '') ? handler(request) : refused(401)),
		]),
	);

/** A local RD Station CRM: API v1 with the token in the query, and the webhook of a deal. */
export async function startRdStationStandIn({
	port,
	tokens = ['rd-token'],
	now = () => new Date(),
}: { port?: number; tokens?: string[]; now?: () => Date } = {}): Promise<RdStationStandIn> {
	const faults = createCrmFaults(failure);
	const known = new Set(tokens);
	const state: State = { deals: [], contacts: [], at: () => now().toISOString() };
	const server = createHttpServer(faults.wrap(guarded(routesOf(state), known)));
	const { url } = await server.listen(port);
	return {
		...{ url, deals: state.deals, contacts: state.contacts, requests: faults.requests, tokens: known },
		...{ fault: faults.add, heal: faults.clear },
		change: (id, { stage, ...changes }) => {
			const deal = state.deals.find(({ _id }) => _id === id)!;
			Object.assign(deal, { updated_at: state.at() }, stage ? { deal_stage: stageOf(stage) } : {}, changes);
			return webhookOf(deal);
		},
		close: async () => await server.close(),
	};
}

/** The webhook tells `id` and `status` where the API tells `_id` and `win`. */
const webhookOf = ({ _id, win, contacts, ...deal }: Row): Row => ({
	event_name: 'crm_deal_updated',
	document: {
		...{ ...deal, id: _id, amount_total: 0, rating: 1, closed_at: null },
		status: win === true ? 'won' : win === false ? 'lost' : 'ongoing',
		deal_pipeline: { id: PIPELINE, name: 'Funil Padrão' },
		contacts: (contacts as Row[]).map(({ _id: id, ...contact }) => ({ id, ...contact })),
	},
});
