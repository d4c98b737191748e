import { z } from 'zod/v4';
import { FactoryError } from '../errors';
import type { HttpCall } from '../http';
import { CHATWOOT_TIMEOUT_MS } from './defaults';

export interface ChatwootServer {
	baseUrl: string;
	accountId: number;
	inboxId: number;
	/** Access token of a user or bot; travels in a header and stands in no error. */
	token: string;
	allowLocal: boolean;
}

export interface ChatwootContact {
	id: number;
	sourceId: string;
}

export interface ChatwootMessage {
	id: number;
	content: string | null;
	private: boolean;
	message_type: number | string;
	source_id?: string | null;
	created_at: number;
}

const inboxes = z.array(z.object({ source_id: z.string(), inbox: z.object({ id: z.number() }) }));
const contactSchema = z.object({
	id: z.number(),
	identifier: z.string().nullish(),
	contact_inboxes: inboxes.optional(),
});
const created = z.object({
	payload: z.object({ contact: contactSchema, contact_inbox: z.object({ source_id: z.string() }).nullish() }),
});
const searched = z.object({ payload: z.array(contactSchema) });
const conversations = z.object({
	payload: z.array(
		z.object({ id: z.number(), inbox_id: z.number(), custom_attributes: z.record(z.string(), z.unknown()).nullish() }),
	),
});
const messageSchema = z.object({
	id: z.number(),
	content: z
		.string()
		.nullish()
		.transform((text) => text ?? null),
	private: z
		.boolean()
		.nullish()
		.transform((is) => is ?? false),
	message_type: z.union([z.number(), z.string()]),
	source_id: z.string().nullish(),
	created_at: z.number(),
});
const messages = z.object({ payload: z.array(messageSchema) });
const inboxSchema = z.object({ id: z.number(), channel_type: z.string() });

/** One call; null where the status is one of `taken`, which the caller knows what to make of. */
type Call = <T>(
	method: 'GET' | 'POST',
	path: string,
	schema: z.ZodType<T>,
	body?: object,
	taken?: number[],
) => Promise<T | null>;

function caller(request: HttpCall, server: ChatwootServer): Call {
	return async <T>(
		method: 'GET' | 'POST',
		path: string,
		schema: z.ZodType<T>,
		body?: object,
		taken: number[] = [],
	): Promise<T | null> => {
		const url = `${server.baseUrl.replace(/\/+$/, '')}/api/v1/accounts/${server.accountId}${path}`;
		const result = await request(url, {
			method,
			headers: { accept: 'application/json', 'content-type': 'application/json', api_access_token: server.token },
			body: body ? Buffer.from(JSON.stringify(body)) : undefined,
			timeoutMs: CHATWOOT_TIMEOUT_MS,
			allowLocal: server.allowLocal,
		});
		if ('refused' in result)
			throw new FactoryError(
				'CHATWOOT_ADDRESS_REFUSED',
				`The address of Chatwoot may not be called: ${result.refused}. Correct the Base URL with Handoff > Connect Chatwoot.`,
			);
		if ('failed' in result) throw away(result.failed);
		if (taken.includes(result.status)) return null;
		if (result.status < 200 || result.status >= 300) throw answered(result.status, result.headers);
		try {
			return schema.parse(JSON.parse(result.body));
		} catch {
			throw away('an answer that is not Chatwoot’s');
		}
	};
}

/** Contacts and conversations: the same ones however often they are asked for. */
function places(call: Call, server: ChatwootServer) {
	const sourceOf = (contact: z.infer<typeof contactSchema>): string | null =>
		contact.contact_inboxes?.find(({ inbox }) => inbox.id === server.inboxId)?.source_id ?? null;
	const joinInbox = async (contactId: number): Promise<string> => {
		const schema = z.object({ source_id: z.string() });
		const joined = await call('POST', `/contacts/${contactId}/contact_inboxes`, schema, { inbox_id: server.inboxId });
		return joined!.source_id;
	};
	return {
		/** Refuses a token, account or inbox that does not fit. */
		async check(): Promise<{ channelType: string }> {
			const inbox = await call('GET', `/inboxes/${server.inboxId}`, inboxSchema);
			return { channelType: inbox!.channel_type };
		},
		/** The contact of that identifier: found, or made. The same one however often it is asked for. */
		async contact(identifier: string, name: string): Promise<ChatwootContact> {
			const body = { inbox_id: server.inboxId, identifier, name };
			const made = await call('POST', '/contacts', created, body, [422]);
			const source = made?.payload.contact_inbox?.source_id ?? (made ? sourceOf(made.payload.contact) : null);
			if (made && source) return { id: made.payload.contact.id, sourceId: source };
			// The identifier is taken: by the contact that an earlier try made.
			const found = await call('GET', `/contacts/search?q=${encodeURIComponent(identifier)}`, searched);
			const known = found!.payload.find((contact) => contact.identifier === identifier);
			if (!known) throw answered(422, {});
			const sourceId = sourceOf(known) ?? (await joinInbox(known.id));
			return { id: known.id, sourceId };
		},
		/** The conversation that stands for ours: found by our id, or made. */
		async conversation(contact: ChatwootContact, ours: string): Promise<number> {
			const there = await call('GET', `/contacts/${contact.id}/conversations`, conversations);
			const mine = there!.payload.find(
				({ inbox_id: inbox, custom_attributes: own }) =>
					inbox === server.inboxId && own?.agent_factory_conversation === ours,
			);
			if (mine) return mine.id;
			const made = await call('POST', '/conversations', z.object({ id: z.number() }), {
				...{ source_id: contact.sourceId, inbox_id: server.inboxId, contact_id: contact.id, status: 'open' },
				custom_attributes: { agent_factory_conversation: ours },
			});
			return made!.id;
		},
	};
}

function talk(call: Call) {
	return {
		async post(
			conversationId: number,
			message: { content: string; type: 'incoming' | 'note'; sourceId: string },
		): Promise<void> {
			await call('POST', `/conversations/${conversationId}/messages`, z.object({ id: z.number() }), {
				content: message.content,
				message_type: message.type === 'incoming' ? 'incoming' : 'outgoing',
				private: message.type === 'note',
				...{ source_id: message.sourceId, echo_id: message.sourceId },
			});
		},
		/** The newest messages of a conversation. */
		async messages(conversationId: number): Promise<ChatwootMessage[]> {
			return (await call('GET', `/conversations/${conversationId}/messages`, messages))!.payload;
		},
		async setStatus(conversationId: number, status: 'open' | 'resolved'): Promise<void> {
			await call('POST', `/conversations/${conversationId}/toggle_status`, z.unknown(), { status });
		},
	};
}

/** Chatwoot's Application API, as far as a hand-over needs it. */
export function createChatwootClient(request: HttpCall, server: ChatwootServer) {
	const call = caller(request, server);
	return { ...places(call, server), ...talk(call) };
}
export type ChatwootClient = ReturnType<typeof createChatwootClient>;

const away = (why: string): FactoryError =>
	new FactoryError('CHATWOOT_AWAY', `Chatwoot gave no answer (${why}). It is tried again.`, { retryable: true });

/** By status alone: Chatwoot's words may quote the customer's. */
function answered(status: number, headers: Record<string, string>): FactoryError {
	if (status === 401 || status === 403)
		return new FactoryError(
			'CHATWOOT_TOKEN_REFUSED',
			`Chatwoot refused the token (HTTP ${status}). Make a new one there and save it with Handoff > Connect Chatwoot.`,
		);
	if (status === 429) {
		const seconds = Number(headers['retry-after']);
		return new FactoryError('CHATWOOT_BUSY', 'Chatwoot asks for patience (HTTP 429). It is tried again.', {
			retryable: true,
			retryAfterMs: (Number.isFinite(seconds) && seconds > 0 ? seconds : 30) * 1_000,
		});
	}
	if (status >= 500 || status === 408) return away(`HTTP ${status}`);
	return new FactoryError(
		'CHATWOOT_REFUSED',
		`Chatwoot refused the call (HTTP ${status}). Check account and inbox with Handoff > Connect Chatwoot, then requeue the job.`,
	);
}
