import type { HttpReply, HttpRequest, HttpRoutes } from './http';
import { bare, created, found, ok, refused, rowOf, textOf, type PipedriveState, type Row } from './pipedrive-people';

export const PIPELINE = { id: 1, name: 'Vendas', order_nr: 1, is_deleted: false };
export const STAGES = ['Lead', 'Contato', 'Proposta', 'Negociação', 'Fechado'].map((name, index) => ({
	...{ id: index + 1, name, order_nr: index + 1, pipeline_id: PIPELINE.id },
}));

function make(state: PipedriveState, body: Row): HttpReply {
	if (textOf(body.title) === '') return refused(400);
	if (body.stage_id !== undefined && !STAGES.some(({ id }) => id === body.stage_id)) return refused(400);
	const deal = {
		...{ id: state.deals.length + 101, status: 'open', stage_id: STAGES[0].id, pipeline_id: PIPELINE.id, value: 0 },
		...{ custom_fields: {}, is_deleted: false, ...body },
		...{ add_time: state.at(), update_time: state.at(), indexed: !state.held },
	};
	state.deals.push(deal);
	return created(bare(deal));
}

function list(state: PipedriveState, query: URLSearchParams): HttpReply {
	const person = query.get('person_id');
	const since = query.get('updated_since') ?? '';
	const start = Number(query.get('cursor') ?? 0);
	const limit = Number(query.get('limit') ?? 100);
	const rows = state.deals
		.filter((deal) => !deal.is_deleted && (person === null || textOf(deal.person_id) === person))
		.filter((deal) => textOf(deal.update_time) >= since)
		.sort((a, b) => textOf(a.update_time).localeCompare(textOf(b.update_time)));
	const next = rows.length > start + limit ? String(start + limit) : null;
	return ok(rows.slice(start, start + limit).map(bare), { additional_data: { next_cursor: next } });
}

/** Deals of API v2; a search matches parts of the title and of custom fields. */
export const dealRoutes = (state: PipedriveState): HttpRoutes => {
	const one = (request: HttpRequest): Row | undefined =>
		state.deals.find(({ id, is_deleted: isDeleted }) => textOf(id) === request.params.id && !isDeleted);
	return {
		'GET /api/v2/deals/search': ({ query }) => {
			const term = (query.get('term') ?? '').toLowerCase();
			const texts = ({ title, custom_fields: fields }: Row): string[] =>
				[title, ...Object.values(rowOf(fields))].map((value) => textOf(value).toLowerCase());
			const items = found(state, state.deals).filter((deal) => texts(deal).some((text) => text.includes(term)));
			return ok({ items: items.map(({ id, title }) => ({ result_score: 1, item: { id, type: 'deal', title } })) });
		},
		'GET /api/v2/deals': ({ query }) => list(state, query),
		'GET /api/v2/deals/:id': (request) => {
			const deal = one(request);
			return deal ? ok(bare(deal)) : refused(404);
		},
		'POST /api/v2/deals': (request) => make(state, rowOf(request.json())),
		'PATCH /api/v2/deals/:id': (request) => {
			const deal = one(request);
			if (!deal) return refused(404);
			Object.assign(deal, rowOf(request.json()), { update_time: state.at() });
			return ok(bare(deal));
		},
	};
};

/** What Pipedrive's webhook of version 2 says of a deal that a person changed. */
export const webhookOf = (deal: Row, previous: Row, at: Date): Row => ({
	meta: {
		...{ action: 'change', entity: 'deal', company_id: '1', correlation_id: `c-${textOf(deal.id)}` },
		...{ entity_id: textOf(deal.id), id: `e-${textOf(deal.id)}-${at.getTime()}`, is_bulk_edit: false },
		...{ timestamp: at.toISOString(), type: 'general', user_id: '7', version: '2.0', webhook_id: '1' },
		...{ webhook_owner_id: '7', change_source: 'app', attempt: 1, host: 'teste.pipedrive.com' },
		permitted_user_ids: ['7'],
	},
	data: deal,
	previous,
});
