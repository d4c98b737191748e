import { makeEvent, noMessage, unknownEvent, type Envelope } from './event';
import { asArray, asRecord, firstId, isRecord, readId, readPhone, type Json } from './read';
import type { EventSink } from './sink';
import type { EventKind, MetaEvent } from './types';
import { findContact, indexContacts } from './whatsapp-contact';
import { anyContent } from './whatsapp-content';
import { senderOf } from './whatsapp-message';

/** A standby echo wraps the send request: `{id, timestamp, message: {to, type, ...}}`. */
const unwrapEcho = (item: Json): Json => (isRecord(item.message) ? { ...item.message, ...item } : item);

/** One element of `message_echoes[]`: the business wrote from its phone or another tool. The customer is the recipient. */
export const echoEvent =
	(kind: EventKind) =>
	(envelope: Envelope, value: Json, item: Json): MetaEvent => {
		const echo = unwrapEcho(item);
		const found = findContact(indexContacts(value.contacts), {
			address: firstId(echo.to, echo.recipient),
			userId: firstId(echo.to_user_id, echo.recipient_user_id),
			parentUserId: echo.to_parent_user_id,
		});
		return makeEvent(envelope, item, {
			kind,
			providerId: readId(item.id),
			time: item.timestamp,
			contact: found.contact,
			contactEntry: found.entry,
			message: anyContent(echo),
			extra: { direction: 'out' },
		});
	};

/** `messages[]` under the field `history`: the media that a placeholder in the threads announced, with the same wamid. */
export function historyMedia(envelope: Envelope, value: Json, item: Json): MetaEvent {
	const found = findContact(indexContacts(value.contacts), senderOf(item));
	return makeEvent(envelope, item, {
		kind: 'history',
		providerId: readId(item.id),
		providerStatus: 'media',
		time: item.timestamp,
		contact: found.contact,
		contactEntry: found.entry,
		message: anyContent(item),
		extra: { direction: directionOf(envelope, item) },
	});
}

/** One element of `history[]`: threads of messages, or the refusal to share them. */
export function readHistoryChunk(envelope: Envelope, value: Json, chunk: Json, sink: EventSink): void {
	const threads = asArray(chunk.threads);
	if (threads.length === 0) {
		sink.add(envelope, chunk, () => makeEvent(envelope, chunk, { kind: 'history', providerId: null }));
		return;
	}
	const inChunk = { ...envelope, extra: { ...envelope.extra, history: chunk.metadata ?? null } };
	for (const thread of threads) {
		const messages = isRecord(thread) ? asArray(thread.messages) : [];
		if (!isRecord(thread) || messages.length === 0) {
			sink.add(inChunk, thread, () => unknownEvent(inChunk, thread, 'history_thread_without_messages'));
			continue;
		}
		for (const message of messages) {
			sink.add(inChunk, message, () => historyMessage(inChunk, value, thread, message));
		}
	}
}

function historyMessage(envelope: Envelope, value: Json, thread: Json, item: unknown): MetaEvent {
	if (!isRecord(item)) return unknownEvent(envelope, item, 'message_not_an_object');
	const context = asRecord(thread.context);
	const found = findContact(indexContacts(value.contacts), {
		address: readId(context.wa_id) ?? thread.id,
		userId: context.user_id,
		parentUserId: context.parent_user_id,
		username: context.username,
	});
	return makeEvent(envelope, item, {
		kind: 'history',
		providerId: readId(item.id),
		time: item.timestamp,
		contact: found.contact,
		contactEntry: isRecord(thread.context) ? thread.context : found.entry,
		message: anyContent(item),
		extra: { direction: directionOf(envelope, item) },
	});
}

const directionOf = (envelope: Envelope, item: Json): 'in' | 'out' =>
	readPhone(item.from) !== null && readPhone(item.from) === readPhone(envelope.route.displayPhone) ? 'out' : 'in';

/** One element of `state_sync[]`: the business' address book. */
export function stateSync(envelope: Envelope, value: Json, item: Json): MetaEvent {
	const card = asRecord(item.contact);
	const found = findContact(indexContacts(value.contacts), {
		address: card.phone_number,
		userId: card.user_id,
		parentUserId: card.parent_user_id,
		username: card.username,
		name: firstId(card.full_name, card.first_name),
	});
	const action = readId(item.action) ?? 'change';
	return makeEvent(envelope, item, {
		kind: 'system',
		providerId: null,
		time: asRecord(item.metadata).timestamp,
		contact: found.contact,
		contactEntry: found.entry,
		message: { ...noMessage('contact_sync', `[contact ${action}]`), replyId: action },
	});
}
