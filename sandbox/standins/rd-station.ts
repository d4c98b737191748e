import { createCrmFaults, type CrmFault, type CrmRequest } from './crm-faults';
import { createHttpServer, type HttpReply, type HttpRequest, type HttpRoutes } from './http';

type Row = Record<string, any>;

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

const idOf = (place: number): string => place.toString(16).padStart(24, '0');
const PIPELINE = idOf(1);
const STAGES = ['Lead', 'Contato', 'Proposta', 'Negociação', 'Fechado'].map((name, index) => ({
	...{ _id: idOf(11 + index), id: idOf(11 + index), name, nickname: name.slice(0, 2), order: index + 1 },
	deal_pipeline_id: PIPELINE,
}));

const failure = (status: number): Row => (status === 401 ? { error: 'Unauthorized' } : { errors: [`HTTP ${status}`] });

/** A local RD Station CRM: API v1 with the token in the query, and the webhook of a deal. */
export async function startRdStationStandIn({
	port,
	tokens = ['rd-token'],
	now = () => new Date(),
}: { port?: number; tokens?: string[]; now?: () => Date } = {}): Promise<RdStationStandIn> {
	const faults = createCrmFaults(failure);
	const deals: Row[] = [];
	const contacts: Row[] = [];
	const known = new Set(tokens);
	const stageOf = (id: unknown): Row => STAGES.find(({ _id }) => _id === id) ?? STAGES[0];

	const guarded = (routes: HttpRoutes): HttpRoutes =>
		Object.fromEntries(
			Object.entries(routes).map(([route, handler]) => [
				route,
				(request: HttpRequest) =>
					known.has(request.query.get('token') ?? '') ? handler(request) : { status: 401, body: failure(401) },
			]),
		);
	const missing: HttpReply = { status: 404, body: { errors: ['not found'] } };
	const one = (request: HttpRequest): Row | undefined => deals.find(({ _id }) => _id === request.params.id);
	const unknownStage = (id: unknown): boolean => id !== undefined && !STAGES.some(({ _id }) => _id === id);

	const routes: HttpRoutes = {
		'GET /api/v1/token/check': () => ({ status: 200, body: { name: 'Vendas', email: 'vendas@example.com' } }),
		'GET /api/v1/deal_pipelines': () => ({
			status: 200,
			body: [{ _id: PIPELINE, id: PIPELINE, name: 'Funil Padrão', order: 1, deal_stages: STAGES }],
		}),
		'GET /api/v1/deals': ({ query }) => {
			const win = query.get('win');
			const name = (query.get('name') ?? '').toLowerCase();
			// Without `win` only what is open: the careful reading of the reference.
			const found = deals.filter(
				(deal) => deal.name.toLowerCase().includes(name) && String(deal.win) === (win ?? 'null'),
			);
			return { status: 200, body: { total: found.length, has_more: false, next_page: null, deals: found } };
		},
		'POST /api/v1/deals': (request) => {
			const body = request.json() as Row;
			if (!body.deal?.name || unknownStage(body.deal.deal_stage_id)) return { status: 422, body: failure(422) };
			const id = idOf(1000 + deals.length);
			const made = (body.contacts ?? []).map((contact: Row, index: number) => ({
				_id: idOf(5000 + contacts.length + index),
				...contact,
			}));
			contacts.push(...made);
			const { deal_stage_id: stage, ...rest } = body.deal;
			const deal = {
				...{ _id: id, id, win: null, ...rest, deal_stage: stageOf(stage), contacts: made },
				...{ created_at: now().toISOString(), updated_at: now().toISOString() },
			};
			deals.push(deal);
			return { status: 200, body: deal };
		},
		'GET /api/v1/deals/:id': (request) => {
			const deal = one(request);
			return deal ? { status: 200, body: deal } : missing;
		},
		'PUT /api/v1/deals/:id': (request) => {
			const deal = one(request);
			const body = request.json() as Row;
			if (!deal) return missing;
			if (unknownStage(body.deal_stage_id)) return { status: 422, body: failure(422) };
			Object.assign(deal, body.deal ?? {}, { updated_at: now().toISOString() });
			if (body.deal_stage_id) deal.deal_stage = stageOf(body.deal_stage_id);
			return { status: 200, body: deal };
		},
	};
	const server = createHttpServer(faults.wrap(guarded(routes)));
	const { url } = await server.listen(port);
	return {
		...{ url, deals, contacts, requests: faults.requests, fault: faults.add, heal: faults.clear, tokens: known },
		change: (id, { stage, ...changes }) => {
			const deal = deals.find(({ _id }) => _id === id)!;
			Object.assign(deal, { updated_at: now().toISOString() }, stage ? { deal_stage: stageOf(stage) } : {}, changes);
			return webhookOf(deal);
		},
		close: async () => await server.close(),
	};
}

const webhookOf = ({ _id, win, contacts, ...deal }: Row): Row => ({
	event_name: 'crm_deal_updated',
	document: {
		...{ ...deal, id: _id, amount_total: 0, rating: 1, closed_at: null },
		status: win === true ? 'won' : win === false ? 'lost' : 'ongoing',
		deal_pipeline: { id: PIPELINE, name: 'Funil Padrão' },
		contacts: (contacts as Row[]).map(({ _id: id, ...contact }) => ({ id, ...contact })),
	},
});
