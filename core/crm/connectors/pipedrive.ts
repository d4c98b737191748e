import type { HttpCall } from '../../http';
import { callCrm, isNotKnown, type CrmCall, type CrmServer } from './call';
import { LOOKUP_LIMIT, MARK_FIELD_NAME, PIPEDRIVE_URL, POLL_PAGE, POLL_PAGES } from './defaults';
import { createPerson, findPerson } from './pipedrive-people';
import { list, record, text, time, type Json } from './read';
import type { Account, CrmAdapter, DealStatus, NewDeal, RemoteDeal, RemoteStage } from './types';

export type Call = (what: CrmCall) => Promise<Json>;

/*
 * Pipedrive has no idempotency key. A deal is found again by our mark: in a custom field of the deal where the token may
 * make one, else in the title. It is looked for among the deals of its person first (GET /deals?person_id reads the
 * records), then by GET /deals/search (an index: how far behind it may be is not documented). API v2 where it exists
 * (deals, persons, stages, pipelines); users/me, dealFields, notes and webhooks are v1. A token of a person goes in the header
 * x-api-token; one that a link gave is a bearer, and the API answers at the company's own address.
 */
export function createPipedrive(request: HttpCall, account: Account): CrmAdapter {
	const server: CrmServer = {
		name: 'Pipedrive',
		integrationId: account.integrationId,
		baseUrl: account.baseUrl ?? PIPEDRIVE_URL,
		allowLocal: account.allowLocal,
		headers: { 'x-api-token': account.token },
	};
	const call: Call = async (what) => record(await callWithToken(request, server, account, what));
	const field = account.markField;
	return {
		async me() {
			const { data } = await call({ what: 'asking whose token it is', method: 'GET', path: '/api/v1/users/me' });
			return { accountName: text(record(data).company_name) ?? text(record(data).name) ?? 'Pipedrive' };
		},
		stages: async () => await readStages(call),
		prepareMark: async () => await prepareMark(call),
		people: {
			find: async (person, since) => await findPerson(call, person, since),
			create: async (person) => await createPerson(call, person),
		},
		findDeal: async (mark, personId) => await findDeal(call, field, mark, personId),
		createDeal: async (deal) => await createDeal(call, deal, field),
		addNote: async (externalId, content) => await addNote(call, externalId, content),
		async moveDeal(externalId, { stage, status }) {
			const body = { status, ...(status === 'open' && stage !== null ? { stage_id: Number(stage) } : {}) };
			const path = `/api/v2/deals/${encodeURIComponent(externalId)}`;
			return dealOf(record((await call({ what: 'moving the deal', method: 'PATCH', path, body })).data));
		},
		getDeal: async (externalId) => await getDeal(call, externalId),
		changedSince: (since) => changedSince(call, since),
		webhooks: webhooksOf(call),
		readWebhook(body) {
			const { meta, data } = record(body);
			const deal = record(data);
			if (record(meta).entity !== 'deal' || text(deal.id) === null) return null;
			return dealOf(deal);
		},
	};
}

/** A bearer that has just ended is renewed once; what the CRM then says stands. */
async function callWithToken(
	request: HttpCall,
	server: CrmServer,
	{ bearer }: Account,
	what: CrmCall,
): Promise<unknown> {
	if (!bearer) return await callCrm(request, server, what);
	const send = async (token: string): Promise<unknown> =>
		await callCrm(request, { ...server, headers: { authorization: `Bearer ${token}` } }, what);
	const token = await bearer();
	try {
		return await send(token);
	} catch (error) {
		if (!isNotKnown(error)) throw error;
		return await send(await bearer(token));
	}
}

const WEBHOOKS = '/api/v1/webhooks';
const webhooksOf = (call: Call): CrmAdapter['webhooks'] => ({
	async list() {
		const { data } = await call({ what: 'reading its webhooks', method: 'GET', path: WEBHOOKS });
		return list(data).map((hook) => ({
			externalId: text(hook.id) ?? '',
			url: text(hook.subscription_url) ?? '',
			isActive: hook.is_active !== 0 && hook.is_active !== false,
		}));
	},
	async create(url) {
		const body = { subscription_url: url, event_action: '*', event_object: 'deal', version: '2.0' };
		const { data } = await call({ what: 'registering the webhook', method: 'POST', path: WEBHOOKS, body });
		return text(record(data).id) ?? '';
	},
	async remove(externalId) {
		const path = `${WEBHOOKS}/${encodeURIComponent(externalId)}`;
		await call({ what: 'removing the webhook', method: 'DELETE', path, mayBeAbsent: true });
	},
});

async function readStages(call: Call): Promise<RemoteStage[]> {
	const what = 'reading the stages';
	const query = { limit: POLL_PAGE };
	const pipelines = list((await call({ what, method: 'GET', path: '/api/v2/pipelines', query })).data);
	const names = new Map(pipelines.map((pipeline) => [text(pipeline.id), text(pipeline.name) ?? '']));
	return list((await call({ what, method: 'GET', path: '/api/v2/stages', query })).data).map((stage) => ({
		externalId: text(stage.id) ?? '',
		name: text(stage.name) ?? '',
		pipelineId: text(stage.pipeline_id) ?? '',
		pipelineName: names.get(text(stage.pipeline_id)) ?? '',
		order: Number(stage.order_nr ?? 0),
	}));
}

async function prepareMark(call: Call): Promise<string | null> {
	const path = '/api/v1/dealFields';
	const known = await call({ what: 'looking for the field of our mark', method: 'GET', path, query: { limit: 500 } });
	const there = list(known.data).find(({ name }) => name === MARK_FIELD_NAME);
	if (there) return text(there.key);
	const body = { name: MARK_FIELD_NAME, field_type: 'varchar' };
	return text(record((await call({ what: 'making the field of our mark', method: 'POST', path, body })).data).key);
}

async function findDeal(
	call: Call,
	field: string | null,
	mark: string,
	personId: string | null,
): Promise<RemoteDeal | null> {
	const what = 'looking for the deal';
	const isMarked = (deal: Json): boolean =>
		(field !== null && text(record(deal.custom_fields)[field]) === mark) || (text(deal.title) ?? '').includes(mark);
	if (personId !== null) {
		const query = { person_id: personId, limit: LOOKUP_LIMIT };
		const { data } = await call({ what, method: 'GET', path: '/api/v2/deals', query });
		const own = oldest(list(data).filter(isMarked));
		if (own) return dealOf(own);
	}
	const query = { term: mark, fields: field ? 'custom_fields,title' : 'title', limit: 10 };
	const { data } = await call({ what, method: 'GET', path: '/api/v2/deals/search', query });
	const found = oldest(list(record(data).items).map(({ item }) => record(item)));
	return found ? await getDeal(call, text(found.id) ?? '') : null;
}

async function createDeal(call: Call, deal: NewDeal, field: string | null): Promise<RemoteDeal> {
	const body = bodyOf(deal, field);
	const made = record((await call({ what: 'making the deal', method: 'POST', path: '/api/v2/deals', body })).data);
	return dealOf(made);
}

async function addNote(call: Call, externalId: string, content: string): Promise<void> {
	const path = '/api/v1/notes';
	const query = { deal_id: externalId, limit: LOOKUP_LIMIT };
	const { data } = await call({ what: 'reading the notes', method: 'GET', path, query });
	if (list(data).some((note) => note.content === content)) return;
	await call({ what: 'adding the note', method: 'POST', path, body: { content, deal_id: Number(externalId) } });
}

async function getDeal(call: Call, externalId: string): Promise<RemoteDeal | null> {
	const path = `/api/v2/deals/${encodeURIComponent(externalId)}`;
	const answer = await call({ what: 'reading the deal', method: 'GET', path, mayBeAbsent: true });
	const deal = record(answer.data);
	return text(deal.id) === null || deal.is_deleted === true ? null : dealOf(deal);
}

async function* changedSince(call: Call, since: string): AsyncGenerator<RemoteDeal[]> {
	let cursor: string | undefined;
	for (let page = 0; page < POLL_PAGES; page++) {
		const order = { sort_by: 'update_time', sort_direction: 'asc', limit: POLL_PAGE };
		const query = { updated_since: since, ...order, cursor };
		const answer = await call({ what: 'asking what changed', method: 'GET', path: '/api/v2/deals', query });
		yield list(answer.data).map(dealOf);
		cursor = text(record(answer.additional_data).next_cursor) ?? undefined;
		if (cursor === undefined) return;
	}
}

const bodyOf = (deal: NewDeal, field: string | null): Json => ({
	title: field ? deal.title : `${deal.title} [${deal.mark}]`,
	...(deal.personId ? { person_id: Number(deal.personId) } : {}),
	...(deal.stage ? { stage_id: Number(deal.stage) } : deal.pipelineId ? { pipeline_id: Number(deal.pipelineId) } : {}),
	...(deal.ownerId ? { owner_id: Number(deal.ownerId) } : {}),
	...(deal.value !== null ? { value: deal.value } : {}),
	...(deal.status === 'open' ? {} : { status: deal.status }),
	...(field ? { custom_fields: { [field]: deal.mark } } : {}),
});

const dealOf = (deal: Json): RemoteDeal => ({
	externalId: text(deal.id) ?? '',
	stage: text(deal.stage_id),
	status: (['open', 'won', 'lost'] as DealStatus[]).find((status) => status === deal.status) ?? 'open',
	at: time(deal.update_time ?? deal.add_time),
});

/** Should there be two after all, the first is the one. */
const oldest = (deals: Json[]): Json | undefined => [...deals].sort((a, b) => Number(a.id) - Number(b.id))[0];
