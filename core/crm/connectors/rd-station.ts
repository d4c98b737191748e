import type { HttpCall } from '../../http';
import { callCrm, type CrmCall, type CrmServer } from './call';
import { LOOKUP_LIMIT, POLL_PAGE, RD_STATION_URL, VALUE_NAME } from './defaults';
import { list, record, text, time, type Json } from './read';
import type { Account, CrmAdapter, DealStatus, NewDeal, RemoteDeal, RemoteStage } from './types';

type Call = (what: CrmCall) => Promise<unknown>;

/*
 * RD Station CRM, API v1 with the user's token as query parameter `token` (kept out of every message). No idempotency key
 * and no filter by custom field: the mark stands in the deal's name and is found by GET /deals?name=. A list without
 * `win` may leave closed deals out, so that those are asked for too. The contact goes with the deal (contacts[]); whether
 * RD joins it with a contact of the same phone is not documented. There is no list by change: our deals are read one by
 * one. A deal's amount is the sum of its products, so that a value is one product without a product of the catalogue; notes are
 * activities. Not verified against the live service: token/check's body, and that PUT /deals takes `win` inside `deal`.
 */
export function createRdStation(request: HttpCall, account: Account): CrmAdapter {
	const server: CrmServer = {
		name: 'RD Station CRM',
		integrationId: account.integrationId,
		baseUrl: account.baseUrl ?? RD_STATION_URL,
		allowLocal: account.allowLocal,
		headers: {},
		secretQuery: { token: account.token },
	};
	const call: Call = async (what) => await callCrm(request, server, what);

	return {
		async me() {
			const what = 'asking whose token it is';
			const answer = record(await call({ what, method: 'GET', path: '/api/v1/token/check' }));
			return { accountName: text(answer.account_name) ?? text(answer.name) ?? 'RD Station CRM' };
		},

		async stages() {
			const query = { limit: POLL_PAGE };
			const answer = await call({ what: 'reading the stages', method: 'GET', path: '/api/v1/deal_pipelines', query });
			return stagesOf(answer);
		},

		// The list knows no filter by custom field.
		prepareMark: async () => await Promise.resolve(null),

		async findDeal(mark) {
			for (const win of [undefined, 'true', 'false']) {
				const query = { name: mark, win, limit: LOOKUP_LIMIT };
				const answer = await call({ what: 'looking for the deal', method: 'GET', path: '/api/v1/deals', query });
				const found = list(record(answer).deals)
					.filter((deal) => (text(deal.name) ?? '').includes(mark))
					.sort((a, b) => (time(a.created_at) ?? '').localeCompare(time(b.created_at) ?? ''));
				if (found.length > 0) return dealOf(found[0]);
			}
			return null;
		},

		async createDeal(deal) {
			const body = bodyOf(deal);
			return dealOf(record(await call({ what: 'making the deal', method: 'POST', path: '/api/v1/deals', body })));
		},

		addNote: async (externalId, words, ownerId) => await addNote(call, externalId, words, ownerId),

		async moveDeal(externalId, { stage, status }) {
			const body = {
				...(status === 'open' && stage !== null ? { deal_stage_id: stage } : {}),
				deal: { win: WIN[status] },
			};
			const path = `/api/v1/deals/${encodeURIComponent(externalId)}`;
			return dealOf(record(await call({ what: 'moving the deal', method: 'PUT', path, body })));
		},

		async getDeal(externalId) {
			const path = `/api/v1/deals/${encodeURIComponent(externalId)}`;
			const deal = record(await call({ what: 'reading the deal', method: 'GET', path, mayBeAbsent: true }));
			return idOf(deal) === null ? null : dealOf(deal);
		},

		webhooks: webhooksOf(call),

		readWebhook(body) {
			const { event_name: event, document } = record(body);
			const deal = record(document);
			if (!['crm_deal_created', 'crm_deal_updated'].includes(text(event) ?? '') || idOf(deal) === null) return null;
			return dealOf(deal);
		},
	};
}

/** The list of a deal's notes is read first: one of the same words is there already. */
async function addNote(call: Call, externalId: string, words: string, ownerId: string | null): Promise<void> {
	const path = '/api/v1/activities';
	const query = { deal_id: externalId, limit: LOOKUP_LIMIT };
	const answer = await call({ what: 'reading the notes', method: 'GET', path, query });
	if (list(record(answer).activities).some((one) => one.text === words)) return;
	const deal = `/api/v1/deals/${encodeURIComponent(externalId)}`;
	const by = ownerId ?? idOf(record(record(await call({ what: 'reading the deal', method: 'GET', path: deal })).user));
	const body = { activity: { deal_id: externalId, text: words, ...(by ? { user_id: by } : {}) } };
	await call({ what: 'adding the note', method: 'POST', path, body });
}

/** Also told of a deal that is made, won or lost. */
const WEBHOOK_EVENT = 'crm_deal_updated';
const WEBHOOKS = '/api/v1/webhooks';

const webhooksOf = (call: Call): CrmAdapter['webhooks'] => ({
	async list() {
		const answer = await call({ what: 'reading its webhooks', method: 'GET', path: WEBHOOKS });
		return list(Array.isArray(answer) ? answer : record(answer).webhooks).map((hook) => ({
			externalId: text(hook.uuid) ?? idOf(hook) ?? '',
			url: text(hook.url) ?? '',
			isActive: text(hook.event_type) === WEBHOOK_EVENT && text(hook.status) !== 'suspended',
		}));
	},
	async create(url) {
		const body = { event_type: WEBHOOK_EVENT, http_method: 'POST', url };
		const hook = record(await call({ what: 'registering the webhook', method: 'POST', path: WEBHOOKS, body }));
		return text(hook.uuid) ?? idOf(hook) ?? '';
	},
	async remove(externalId) {
		const path = `${WEBHOOKS}/${encodeURIComponent(externalId)}`;
		await call({ what: 'removing the webhook', method: 'DELETE', path, mayBeAbsent: true });
	},
});

/** Some accounts answer the list bare, some under its name. */
const stagesOf = (answer: unknown): RemoteStage[] =>
	list(Array.isArray(answer) ? answer : record(answer).deal_pipelines).flatMap((pipeline) =>
		list(pipeline.deal_stages).map((stage) => ({
			externalId: idOf(stage) ?? '',
			name: text(stage.name) ?? '',
			pipelineId: idOf(pipeline) ?? '',
			pipelineName: text(pipeline.name) ?? '',
			order: Number(stage.order ?? 0),
		})),
	);

/** `win` is null while a deal is open. */
const WIN: Record<DealStatus, boolean | null> = { open: null, won: true, lost: false };

/** Version 1 writes `_id`, and `id` beside it in some places. */
const idOf = (value: Json): string | null => text(value._id) ?? text(value.id);

const bodyOf = (deal: NewDeal): Json => ({
	deal: {
		name: `${deal.title} [${deal.mark}]`,
		...(deal.stage ? { deal_stage_id: deal.stage } : {}),
		...(deal.ownerId ? { user_id: deal.ownerId } : {}),
		...(deal.status === 'open' ? {} : { win: WIN[deal.status] }),
	},
	...(deal.value === null ? {} : { deal_products: [productOf(deal.value)] }),
	contacts: [
		{
			name: deal.person.name,
			...(deal.person.phone ? { phones: [{ phone: deal.person.phone, type: 'cellphone' }] } : {}),
			...(deal.person.email ? { emails: [{ email: deal.person.email }] } : {}),
		},
	],
});

/** One thing at that price, paid once. */
const productOf = (value: number): Json => ({
	...{ name: VALUE_NAME, amount: 1, base_price: value, price: value, total: value },
	recurrence: 'spare',
});

/** The API tells `win`, the webhook `status`. */
function statusOf({ win, status }: Json): DealStatus {
	if (status === 'won' || win === true) return 'won';
	return status === 'lost' || win === false ? 'lost' : 'open';
}

const dealOf = (deal: Json): RemoteDeal => ({
	externalId: idOf(deal) ?? '',
	stage: idOf(record(deal.deal_stage)) ?? text(deal.deal_stage_id),
	status: statusOf(deal),
	at: time(deal.updated_at ?? deal.created_at),
});
