import { createCrmFaults, type CrmFault, type CrmRequest } from './crm-faults';
import { createHttpServer, type HttpReply, type HttpRequest, type HttpRoutes } from './http';
import { rowOf, textOf, type Row } from './pipedrive-people';

export interface RdStationStandIn {
	url: string;
	deals: Row[];
	contacts: Row[];
	activities: Row[];
	webhooks: Row[];
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
	activities: Row[];
	webhooks: Row[];
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
	const products = (Array.isArray(body.deal_products) ? body.deal_products : []).map(rowOf);
	const total = products.reduce((sum, { total: price }) => sum + Number(price ?? 0), 0);
	const amounts = { deal_products: products, amount_unique: total, amount_montly: 0, amount_total: total };
	const times = { created_at: state.at(), updated_at: state.at() };
	const deal = {
		_id: id,
		id,
		win: null,
		...rest,
		user: { _id: idOf(7) },
		deal_stage: stageOf(stage),
		contacts,
		...amounts,
		...times,
	};
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
		'GET /api/v1/activities': ({ query }) => {
			const found = state.activities.filter((one) => one.deal_id === query.get('deal_id'));
			return { status: 200, body: { total: found.length, activities: found } };
		},
		'POST /api/v1/activities': (request) => {
			const activity = rowOf(rowOf(request.json()).activity);
			if (textOf(activity.text) === '' || !state.deals.some(({ _id }) => _id === activity.deal_id)) return refused(422);
			state.activities.push(activity);
			return { status: 200, body: { _id: idOf(8000 + state.activities.length), ...activity } };
		},
		'GET /api/v1/webhooks': () => ({ status: 200, body: { webhooks: state.webhooks } }),
		'POST /api/v1/webhooks': (request) => {
			const body = rowOf(request.json());
			if (!URL.canParse(textOf(body.url)) || body.http_method !== 'POST') return refused(422);
			const webhook = { uuid: `w-${state.webhooks.length + 1}`, ...body };
			state.webhooks.push(webhook);
			return { status: 200, body: webhook };
		},
		'DELETE /api/v1/webhooks/:uuid': ({ params }) => {
			const at = state.webhooks.findIndex(({ uuid }) => uuid === params.uuid);
			if (at < 0) return refused(404);
			state.webhooks.splice(at, 1);
			return { status: 204 };
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

/** A local RD Station CRM: API v1 with the token in the query, notes, and webhooks of deals. */
export async function startRdStationStandIn({
	port,
	tokens = ['rd-token'],
	now = () => new Date(),
}: { port?: number; tokens?: string[]; now?: () => Date } = {}): Promise<RdStationStandIn> {
	const faults = createCrmFaults(failure);
	const known = new Set(tokens);
	const state: State = { deals: [], contacts: [], activities: [], webhooks: [], at: () => now().toISOString() };
	const server = createHttpServer(faults.wrap(guarded(routesOf(state), known)));
	const { url } = await server.listen(port);
	return {
		...{
			url,
			deals: state.deals,
			contacts: state.contacts,
			activities: state.activities,
			webhooks: state.webhooks,
			requests: faults.requests,
			tokens: known,
		},
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
