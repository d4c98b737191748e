import { createCrmFaults, type CrmFault, type CrmRequest } from './crm-faults';
import { createHttpServer, type HttpRequest, type HttpRoutes } from './http';
import { createOAuthStandIn, type OAuthStandIn } from './oauth';
import { dealRoutes, PIPELINE, STAGES, webhookOf } from './pipedrive-deals';
import {
	bare,
	created,
	failure,
	ok,
	personRoutes,
	refused,
	rowOf,
	textOf,
	type PipedriveState,
	type Row,
} from './pipedrive-people';

export interface PipedriveStandIn {
	url: string;
	deals: Row[];
	persons: Row[];
	notes: Row[];
	/** What the account has webhooks for. */
	webhooks: Row[];
	/** Connecting by link; its tokens work as bearers. */
	oauth: OAuthStandIn;
	requests: CrmRequest[];
	/** Makes the next matching requests go wrong. */
	fault(fault: CrmFault): void;
	heal(): void;
	/** What is made while this holds is found by no search: the real index runs behind. */
	holdSearch(held: boolean): void;
	/** Tokens that work; any other is answered with 401. */
	tokens: Set<string>;
	/** A person changes a deal in Pipedrive; answers the webhook that Pipedrive would send. */
	change(id: number, patch: Row): Row;
	close(): Promise<void>;
}

export interface PipedriveOptions {
	port?: number;
	tokens?: string[];
	/** Whether the token's user may add fields. */
	mayMakeFields?: boolean;
	/** Whether the token's user may register webhooks. */
	mayMakeWebhooks?: boolean;
	now?: () => Date;
}

/** What stands in the account from the start: users and fields of v1, pipelines and stages of v2. */
const accountRoutes = (state: PipedriveState, mayMakeFields: boolean): HttpRoutes => ({
	'GET /api/v1/users/me': () => ok({ id: 7, name: 'Vendas', company_name: 'Empresa Teste', company_domain: 'teste' }),
	'GET /api/v1/dealFields': () => ok(state.fields),
	'POST /api/v1/dealFields': (request) => {
		if (!mayMakeFields) return refused(403);
		const field = { id: 12500, key: 'a'.repeat(40), ...rowOf(request.json()) };
		state.fields.push(field);
		return created(field);
	},
	'GET /api/v1/notes': ({ query }) => ok(state.notes.filter((note) => textOf(note.deal_id) === query.get('deal_id'))),
	'POST /api/v1/notes': (request) => {
		state.notes.push(rowOf(request.json()));
		return created({ id: state.notes.length });
	},
	'GET /api/v2/pipelines': () => ok([PIPELINE], { additional_data: { next_cursor: null } }),
	'GET /api/v2/stages': () => ok(STAGES, { additional_data: { next_cursor: null } }),
});

/** General webhooks: the list is the user's own, in the shapes of v1. */
const webhookRoutes = (webhooks: Row[], mayMake: boolean): HttpRoutes => ({
	'GET /api/v1/webhooks': () => (mayMake ? ok(webhooks) : refused(403)),
	'POST /api/v1/webhooks': (request) => {
		const body = rowOf(request.json());
		if (!mayMake) return refused(403);
		if (!URL.canParse(textOf(body.subscription_url)) || body.event_object === undefined) return refused(400);
		const id = Math.max(0, ...webhooks.map((hook) => Number(hook.id))) + 1;
		const hook = { id, company_id: 1, owner_id: 7, user_id: 7, is_active: 1, type: 'general', ...body };
		webhooks.push(hook);
		return created(hook);
	},
	'DELETE /api/v1/webhooks/:id': ({ params }) => {
		const at = webhooks.findIndex(({ id }) => textOf(id) === params.id);
		if (at < 0) return refused(404);
		webhooks.splice(at, 1);
		return ok({ id: Number(params.id) });
	},
});

const guarded = (routes: HttpRoutes, tokens: Set<string>, oauth: OAuthStandIn): HttpRoutes =>
	Object.fromEntries(
		Object.entries(routes).map(([route, handler]) => [
			route,
			(request: HttpRequest) =>
				tokens.has(String(request.headers['x-api-token'] ?? '')) || !oauth.refusalOf(request)
					? handler(request)
					: refused(401),
		]),
	);

/** A local Pipedrive: API v2 of deals, persons, stages and pipelines, v1 of users, deal fields and notes, webhooks v2 and their list, OAuth. */
export async function startPipedriveStandIn(options: PipedriveOptions = {}): Promise<PipedriveStandIn> {
	const now = options.now ?? (() => new Date());
	const faults = createCrmFaults(failure);
	const tokens = new Set(options.tokens ?? ['pipedrive-token']);
	const at = (): string => `${now().toISOString().slice(0, 19)}Z`;
	const state: PipedriveState = { deals: [], persons: [], notes: [], fields: [], held: false, at };
	const webhooks: Row[] = [];
	let address = '';
	const oauth = createOAuthStandIn({
		...{ authorizePath: '/oauth/authorize', tokenPath: '/oauth/token', expiresIn: 3_599, rotates: true },
		extra: () => ({ scope: 'deals:full,contacts:full,webhooks:full', api_domain: address }),
	});
	const routes = {
		...webhookRoutes(webhooks, options.mayMakeWebhooks ?? true),
		...accountRoutes(state, options.mayMakeFields ?? true),
		...personRoutes(state),
		...dealRoutes(state),
	};
	const server = createHttpServer(faults.wrap({ ...oauth.routes, ...guarded(routes, tokens, oauth) }));
	const { url } = await server.listen(options.port);
	address = url;
	return {
		...{ url, deals: state.deals, persons: state.persons, notes: state.notes, requests: faults.requests, tokens },
		...{ webhooks, oauth },
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
