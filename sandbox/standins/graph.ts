import { z } from 'zod/v4';

import { behaviourSchema, createBehaviourList } from './graph-behaviour';
import { GRAPH_DEFAULTS } from './graph-defaults';
import { graphError } from './graph-errors';
import { createLeadList, type LeadList } from './graph-leads';
import { createMediaStore, readMedia, sendMedia, storeMedia } from './graph-media';
import { debugToken, readNode, type GraphAccount } from './graph-reads';
import { receivePost } from './graph-sends';
import { newSetupState, numberStatus, permissionFault, setupRoutes } from './graph-setup';
import type { GraphState, SentMessage } from './graph-state';
import { createStatusSender } from './graph-statuses';
import { createTemplateBook, templateControls, templateRoutes, type TemplateBook } from './graph-templates';
import { createHttpServer, type HttpHandler, type HttpReply, type HttpRequest, type HttpRoutes } from './http';

export type { SentMessage } from './graph-state';

export interface GraphStandInOptions {
	/** 0 or absent: a free one. */
	port?: number;
	/** Where status webhooks go; without it none are sent. */
	webhookUrl?: string;
	appSecret?: string;
	/** Milliseconds before the first status and between two statuses. */
	statusDelayMs?: number;
	/** Numbers to answer for with their own names; any other id is accepted too. */
	accounts?: GraphAccount[];
	now?: () => Date;
	/** Hears of each accepted message before it is answered. */
	onSent?: (message: SentMessage) => void;
}

export interface GraphStandIn {
	url: string;
	close(): Promise<void>;
	setWebhook(url: string, appSecret: string): void;
	/** The templates of all business accounts, to look at and to change. */
	templates: TemplateBook;
}

/** A local Graph API: real wire format, real error bodies, signed status webhooks; nothing leaves this machine. */
export async function startGraphStandIn(options: GraphStandInOptions = {}): Promise<GraphStandIn> {
	const now = options.now ?? (() => new Date());
	const { webhookUrl, appSecret } = options;
	const closing = new AbortController();
	const state: GraphState = {
		sent: [],
		receipts: [],
		unsubscribed: new Set(),
		behaviours: createBehaviourList(),
		webhook: webhookUrl && appSecret ? { url: webhookUrl, appSecret } : null,
		accounts: options.accounts ?? [],
		statuses: createStatusSender({
			target: () => state.webhook,
			statusDelayMs: options.statusDelayMs ?? GRAPH_DEFAULTS.statusDelayMs,
			now,
		}),
		closing: closing.signal,
		setup: newSetupState(),
		now,
		media: createMediaStore(),
		onSent: options.onSent,
	};
	const leads = createLeadList();
	const templates = createTemplateBook();
	const server = createHttpServer({
		...controlRoutes(state),
		...leads.routes,
		...templateControls(templates),
		...graphRoutes(state, leads, templateRoutes(templates)),
	});
	const { url } = await server.listen(options.port);
	return {
		url,
		async close() {
			closing.abort();
			state.statuses.close();
			await server.close();
		},
		templates,
		setWebhook: (target, secret) => void (state.webhook = { url: target, appSecret: secret }),
	};
}

function controlRoutes(state: GraphState): HttpRoutes {
	return {
		'GET /_sandbox/sent': () => ({ status: 200, body: state.sent }),
		'DELETE /_sandbox/sent': () => {
			const deleted = state.sent.length;
			state.sent.length = 0;
			state.receipts.length = 0;
			return { status: 200, body: { deleted } };
		},
		'GET /_sandbox/receipts': () => ({ status: 200, body: state.receipts }),
		'GET /_sandbox/webhooks': () => ({ status: 200, body: state.statuses.counts() }),
		'GET /_sandbox/behaviour': () => ({ status: 200, body: state.behaviours.list() }),
		'POST /_sandbox/behaviour': (request) => {
			const parsed = behaviourSchema.safeParse(request.json());
			if (!parsed.success) return { status: 400, body: { error: z.prettifyError(parsed.error) } };
			state.behaviours.add(parsed.data);
			return { status: 200, body: parsed.data };
		},
		'POST /_sandbox/media': (request) => storeMedia(state.media, request.json()),
		'DELETE /_sandbox/behaviour': () => {
			state.behaviours.clear();
			return { status: 200, body: { success: true } };
		},
	};
}

function graphRoutes(state: GraphState, leads: LeadList, more: HttpRoutes): HttpRoutes {
	const guarded =
		(handler: HttpHandler): HttpHandler =>
		(request) =>
			pathFault(request) ?? tokenFault(request) ?? handler(request);
	const subscription =
		(change: (waba: string) => void) =>
		(request: HttpRequest): HttpReply => {
			const fault = permissionFault(tokenOf(request) ?? '');
			if (fault) return fault;
			change(request.params.id ?? '');
			return { status: 200, body: { success: true } };
		};
	return {
		...Object.fromEntries(Object.entries(more).map(([path, handler]) => [path, guarded(handler)])),
		'POST /:version/:id/messages': guarded((request) => receivePost(state, request)),
		'GET /:version/debug_token': guarded((request) =>
			debugToken(request.query.get('input_token'), state.accounts, state.now()),
		),
		'GET /:version/:id/subscribed_apps': guarded((request) => subscribedApps(state, request.params.id ?? '')),
		'POST /:version/:id/subscribed_apps': guarded(subscription((waba) => void state.unsubscribed.delete(waba))),
		'DELETE /:version/:id/subscribed_apps': guarded(subscription((waba) => void state.unsubscribed.add(waba))),
		'GET /_media/:id': (request) => sendMedia(state.media, request),
		'GET /:version/:id': guarded((request) => {
			const media = readMedia(state.media, request);
			if (media) return media;
			const fields = (request.query.get('fields') ?? '').split(',').filter((field) => field !== '');
			const id = request.params.id ?? '';
			if (fields.includes('field_data')) return leads.read(id, state.now());
			return readNode(id, fields, state.accounts, numberStatus(state.setup, id));
		}),
		...setupRoutes(state.setup, guarded),
		'* /*': (request) =>
			graphError({ code: 2500, message: `Unknown path components: ${request.path}`, product: 'page' }),
	};
}

const pathFault = (request: HttpRequest): HttpReply | null =>
	/^v\d+\.\d+$/.test(request.params.version ?? '')
		? null
		: graphError({ code: 2500, message: `Unknown path components: ${request.path}`, product: 'page' });

/** The token may stand in the header or, as Graph allows, in the query. */
const tokenOf = (request: HttpRequest): string | null =>
	/^Bearer\s+(\S+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? request.query.get('access_token');

function tokenFault(request: HttpRequest): HttpReply | null {
	const token = tokenOf(request);
	if (!token)
		return graphError({
			code: 104,
			status: 401,
			message: 'An access token is required to request this resource.',
			product: 'page',
		});
	if (!token.startsWith('EXPIRED')) return null;
	return graphError({
		code: 190,
		subcode: 463,
		message: 'Error validating access token: Session has expired.',
		product: 'page',
	});
}

function subscribedApps(state: GraphState, waba: string): HttpReply {
	const app = {
		id: '100000000000001',
		name: 'Agent Factory sandbox',
		link: 'https://www.facebook.com/games/?app_id=100000000000001',
	};
	return { status: 200, body: { data: state.unsubscribed.has(waba) ? [] : [{ whatsapp_business_api_data: app }] } };
}
