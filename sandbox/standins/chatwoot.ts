import { createHttpServer, type HttpReply, type HttpRequest, type HttpRoutes } from './http';
import { faultOf, type Fault } from './service-faults';

type Row = Record<string, any>;

export interface ChatwootStandIn {
	url: string;
	contacts: Row[];
	conversations: Row[];
	messages: Row[];
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

const ACCOUNT = 3;
const TYPES: Record<string, number> = { incoming: 0, outgoing: 1 };

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
	const [contacts, conversations, messages]: Row[][] = [[], [], []];
	const state = { keepsSourceIds: true, nextId: 1 };
	const id = (): number => state.nextId++;
	const ok = (body: unknown): HttpReply => ({ status: 200, body });
	const notFound: HttpReply = { status: 404, body: { error: 'Resource could not be found' } };
	const byId = (rows: Row[], value: string): Row | undefined => rows.find((row) => String(row.id) === value);
	const shown = ({ id: contactId, name, identifier, sources }: Row): Row => ({
		...{ id: contactId, name, identifier },
		contact_inboxes: sources,
	});
	const join = (contact: Row, inboxId: number): Row => {
		const found = contact.sources.find(({ inbox }: Row) => inbox.id === inboxId);
		if (found) return found as Row;
		const source = { source_id: `source-${contact.id}-${inboxId}`, inbox: { id: inboxId } };
		contact.sources.push(source);
		return source;
	};
	const addMessage = (conversation: Row, body: Row, sender: Row): Row => {
		const message = {
			...{ id: id(), conversation_id: conversation.id, content: body.content, private: body.private === true },
			...{ message_type: TYPES[body.message_type ?? 'outgoing'], created_at: Math.floor(Date.now() / 1_000), sender },
			source_id: state.keepsSourceIds ? (body.source_id ?? null) : null,
		};
		messages.push(message);
		return message;
	};

	const routes: HttpRoutes = {
		'GET /inboxes/:id': ({ params }) => {
			const inbox = byId(inboxes, params.id);
			return inbox ? ok(inbox) : notFound;
		},
		'POST /contacts': (request) => {
			const body = request.json() as Row;
			if (contacts.some(({ identifier }) => identifier === body.identifier))
				return { status: 422, body: { message: 'Identifier has already been taken', attributes: ['identifier'] } };
			const contact: Row = { id: id(), name: body.name, identifier: body.identifier, sources: [] };
			contacts.push(contact);
			const source = join(contact, body.inbox_id as number);
			return ok({ payload: { contact: shown(contact), contact_inbox: { source_id: source.source_id } } });
		},
		'GET /contacts/search': ({ query }) => {
			const wanted = query.get('q') ?? '';
			return ok({ payload: contacts.filter((contact) => String(contact.identifier).includes(wanted)).map(shown) });
		},
		'POST /contacts/:id/contact_inboxes': (request) => {
			const contact = byId(contacts, request.params.id);
			return contact ? ok(join(contact, (request.json() as Row).inbox_id as number)) : notFound;
		},
		'GET /contacts/:id/conversations': ({ params }) =>
			ok({ payload: conversations.filter(({ contact_id: contact }) => String(contact) === params.id) }),
		'POST /conversations': (request) => {
			const body = request.json() as Row;
			const known = contacts.some(({ sources }) => sources.some((s: Row) => s.source_id === body.source_id));
			if (!known) return notFound;
			const conversation = { id: id(), ...body, account_id: ACCOUNT };
			conversations.push(conversation);
			return ok(conversation);
		},
		'GET /conversations/:id/messages': ({ params }) =>
			ok({ meta: {}, payload: messages.filter(({ conversation_id: of }) => String(of) === params.id).slice(-20) }),
		'POST /conversations/:id/messages': (request) => {
			const conversation = byId(conversations, request.params.id);
			return conversation ? ok(addMessage(conversation, request.json() as Row, { id: 1, type: 'user' })) : notFound;
		},
		'POST /conversations/:id/toggle_status': (request) => {
			const conversation = byId(conversations, request.params.id);
			if (!conversation) return notFound;
			conversation.status = (request.json() as Row).status;
			return ok({ meta: {}, payload: { success: true, current_status: conversation.status } });
		},
	};
	const guarded = Object.fromEntries(
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
	const server = createHttpServer(guarded);
	const { url } = await server.listen(port);
	const webhook = (conversation: Row, more: Row): Row => ({
		account: { id: ACCOUNT, name: 'Teste' },
		inbox: { id: conversation.inbox_id, name: 'WhatsApp' },
		...more,
	});
	return {
		url,
		contacts,
		conversations,
		messages,
		fault: (fault) => void faults.push(fault),
		get keepsSourceIds() {
			return state.keepsSourceIds;
		},
		set keepsSourceIds(keeps: boolean) {
			state.keepsSourceIds = keeps;
		},
		agentWrites(conversationId, content, more = {}) {
			const conversation = byId(conversations, String(conversationId))!;
			const sender = { id: 9, name: 'Ana', type: 'user' };
			const message = addMessage(conversation, { content, message_type: 'outgoing', ...more }, sender);
			return webhook(conversation, {
				...{ event: 'message_created', id: message.id, content, message_type: 'outgoing', private: message.private },
				...{ source_id: null, sender, conversation: { id: conversation.id, status: conversation.status } },
			});
		},
		agentSets(conversationId, status) {
			const conversation = byId(conversations, String(conversationId))!;
			conversation.status = status;
			return webhook(conversation, { event: 'conversation_status_changed', id: conversation.id, status });
		},
		close: async () => await server.close(),
	};
}

/** The account the stand-in knows. */
export const CHATWOOT_ACCOUNT = ACCOUNT;
