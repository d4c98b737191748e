import { createHttpServer, type HttpReply, type HttpRequest, type HttpRoutes } from './http';
import { faultOf, type Fault } from './service-faults';

type Row = Record<string, unknown>;

interface Source {
	source_id: string;
	inbox: { id: number };
}

interface Contact extends Row {
	id: number;
	sources: Source[];
}

interface Conversation extends Row {
	id: number;
}

interface Message extends Row {
	id: number;
	conversation_id: number;
	private: boolean;
	/** As in `TYPES`. */
	message_type: number;
}

export interface ChatwootStandIn {
	url: string;
	contacts: Contact[];
	conversations: Conversation[];
	messages: Message[];
	/** Makes the next matching calls go wrong. */
	fault(fault: Fault): void;
	/** Older versions keep no `source_id` of messages. */
	keepsSourceIds: boolean;
	/** An agent answers in Chatwoot; gives the webhook that Chatwoot sends. */
	agentWrites(conversationId: number, content: string, more?: Row): Row;
	/** An agent changes the state of a conversation; gives the webhook. */
	agentSets(conversationId: number, status: string): Row;
	close(): Promise<void>;
}

interface ChatwootState {
	inboxes: Row[];
	contacts: Contact[];
	conversations: Conversation[];
	messages: Message[];
	keepsSourceIds: boolean;
	nextId: number;
}

const ACCOUNT = 3;
const TYPES: Record<string, number> = { incoming: 0, outgoing: 1 };

const ok = (body: unknown): HttpReply => ({ status: 200, body });
const notFound: HttpReply = { status: 404, body: { error: 'Resource could not be found' } };
const bodyOf = (request: HttpRequest): Row => request.json() as Row;
const byId = <T extends Row>(rows: T[], value: string): T | undefined => rows.find((row) => String(row.id) === value);

const shown = ({ id, name, identifier, sources }: Contact): Row => ({
	...{ id, name, identifier },
	contact_inboxes: sources,
});

function join(contact: Contact, inboxId: number): Source {
	const found = contact.sources.find(({ inbox }) => inbox.id === inboxId);
	if (found) return found;
	const source = { source_id: `source-${contact.id}-${inboxId}`, inbox: { id: inboxId } };
	contact.sources.push(source);
	return source;
}

function addMessage(state: ChatwootState, conversation: Conversation, body: Row, sender: Row): Message {
	const message = {
		...{ id: state.nextId++, conversation_id: conversation.id, content: body.content, private: body.private === true },
		message_type: TYPES[(body.message_type ?? 'outgoing') as string],
		...{ created_at: Math.floor(Date.now() / 1_000), sender },
		source_id: state.keepsSourceIds ? (body.source_id ?? null) : null,
	};
	state.messages.push(message);
	return message;
}

const contactRoutes = (state: ChatwootState): HttpRoutes => ({
	'GET /inboxes/:id': ({ params }) => {
		const inbox = byId(state.inboxes, params.id);
		return inbox ? ok(inbox) : notFound;
	},
	'POST /contacts': (request) => {
		const body = bodyOf(request);
		if (state.contacts.some(({ identifier }) => identifier === body.identifier))
			return { status: 422, body: { message: 'Identifier has already been taken', attributes: ['identifier'] } };
		const contact: Contact = { id: state.nextId++, name: body.name, identifier: body.identifier, sources: [] };
		state.contacts.push(contact);
		const source = join(contact, body.inbox_id as number);
		return ok({ payload: { contact: shown(contact), contact_inbox: { source_id: source.source_id } } });
	},
	'GET /contacts/search': ({ query }) => {
		const wanted = query.get('q') ?? '';
		return ok({ payload: state.contacts.filter((contact) => String(contact.identifier).includes(wanted)).map(shown) });
	},
	'POST /contacts/:id/contact_inboxes': (request) => {
		const contact = byId(state.contacts, request.params.id);
		return contact ? ok(join(contact, bodyOf(request).inbox_id as number)) : notFound;
	},
	'GET /contacts/:id/conversations': ({ params }) =>
		ok({ payload: state.conversations.filter(({ contact_id: contact }) => String(contact) === params.id) }),
});

const conversationRoutes = (state: ChatwootState): HttpRoutes => ({
	'POST /conversations': (request) => {
		const body = bodyOf(request);
		const known = state.contacts.some(({ sources }) => sources.some((source) => source.source_id === body.source_id));
		if (!known) return notFound;
		const conversation: Conversation = { id: state.nextId++, ...body, account_id: ACCOUNT };
		state.conversations.push(conversation);
		return ok(conversation);
	},
	'GET /conversations/:id/messages': ({ params }) =>
		ok({
			meta: {},
			payload: state.messages.filter((message) => String(message.conversation_id) === params.id).slice(-20),
		}),
	'POST /conversations/:id/messages': (request) => {
		const conversation = byId(state.conversations, request.params.id);
		return conversation ? ok(addMessage(state, conversation, bodyOf(request), { id: 1, type: 'user' })) : notFound;
	},
	'POST /conversations/:id/toggle_status': (request) => {
		const conversation = byId(state.conversations, request.params.id);
		if (!conversation) return notFound;
		conversation.status = bodyOf(request).status;
		return ok({ meta: {}, payload: { success: true, current_status: conversation.status } });
	},
});

/** Routes below the account, for calls with the token; faults come first. */
const guarded = (routes: HttpRoutes, token: string, faults: Fault[]): HttpRoutes =>
	Object.fromEntries(
		Object.entries(routes).map(([route, handler]) => [
			route.replace(' /', ` /api/v1/accounts/${ACCOUNT}/`),
			async (request: HttpRequest) => {
				if (request.headers.api_access_token !== token) return { status: 401, body: { error: 'Invalid Access Token' } };
				const fault = faultOf(faults, request);
				if (fault?.before) return await fault.answer();
				const reply = await handler(request);
				return fault ? await fault.answer() : reply;
			},
		]),
	);

const webhookOf = (conversation: Conversation, more: Row): Row => ({
	account: { id: ACCOUNT, name: 'Teste' },
	inbox: { id: conversation.inbox_id, name: 'WhatsApp' },
	...more,
});

/** What an agent does in Chatwoot, and the webhook of it. */
const agentOf = (state: ChatwootState): Pick<ChatwootStandIn, 'agentWrites' | 'agentSets'> => ({
	agentWrites(conversationId, content, more = {}) {
		const conversation = byId(state.conversations, String(conversationId))!;
		const sender = { id: 9, name: 'Ana', type: 'user' };
		const message = addMessage(state, conversation, { content, message_type: 'outgoing', ...more }, sender);
		return webhookOf(conversation, {
			...{ event: 'message_created', id: message.id, content, message_type: 'outgoing', private: message.private },
			...{ source_id: null, sender, conversation: { id: conversation.id, status: conversation.status } },
		});
	},
	agentSets(conversationId, status) {
		const conversation = byId(state.conversations, String(conversationId))!;
		conversation.status = status;
		return webhookOf(conversation, { event: 'conversation_status_changed', id: conversation.id, status });
	},
});

/** A local Chatwoot: contacts, conversations and messages of the Application API, and the webhooks of an API inbox. */
export async function startChatwootStandIn({
	port,
	token = 'chatwoot-token',
	inboxes = [
		{ id: 5, name: 'WhatsApp', channel_type: 'Channel::Api' },
		{ id: 6, name: 'Site', channel_type: 'Channel::WebWidget' },
	],
}: { port?: number; token?: string; inboxes?: Row[] } = {}): Promise<ChatwootStandIn> {
	const faults: Fault[] = [];
	const rows = { inboxes, contacts: [], conversations: [], messages: [] };
	const state: ChatwootState = { ...rows, keepsSourceIds: true, nextId: 1 };
	const routes = { ...contactRoutes(state), ...conversationRoutes(state) };
	const server = createHttpServer(guarded(routes, token, faults));
	const { url } = await server.listen(port);
	return {
		...{ url, contacts: state.contacts, conversations: state.conversations, messages: state.messages },
		fault: (fault) => void faults.push(fault),
		get keepsSourceIds() {
			return state.keepsSourceIds;
		},
		set keepsSourceIds(keeps: boolean) {
			state.keepsSourceIds = keeps;
		},
		...agentOf(state),
		close: async () => await server.close(),
	};
}

/** The account the stand-in knows. */
export const CHATWOOT_ACCOUNT = ACCOUNT;
