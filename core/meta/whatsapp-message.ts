import { hasIdentity, makeEvent, unknownEvent, type Envelope } from './event';
import { asArray, asRecord, isRecord, readId, readPhone, type Json } from './read';
import type { ContactRef, EventKind, MetaEvent } from './types';
import { findContact, indexContacts, type FoundContact } from './whatsapp-contact';
import { anyContent, messageContent, messageType } from './whatsapp-content';

/** What a message type is to the rest of the house, and whether a person waits for an answer. */
const TYPES: Record<string, { kind: EventKind; wantsTurn: boolean }> = {
	reaction: { kind: 'reaction', wantsTurn: false },
	edit: { kind: 'edit', wantsTurn: false },
	revoke: { kind: 'revoke', wantsTurn: false },
	system: { kind: 'system', wantsTurn: false },
	// The person opened the chat and wrote nothing: no window opens, nothing is answered.
	request_welcome: { kind: 'system', wantsTurn: false },
};

const PERSON_MESSAGE = { kind: 'message' as EventKind, wantsTurn: true };

/** One element of `messages[]`. `value` is the change's value: it holds the contacts. */
export function inboundMessage(envelope: Envelope, value: Json, item: Json): MetaEvent {
	const only = asArray(value.messages).length === 1;
	const found = findContact(indexContacts(value.contacts), senderOf(item), only);
	const content = messageContent(item);
	const parts = { contact: found.contact, contactEntry: found.entry, time: item.timestamp };
	if (content === null) {
		const reason = messageType(item) === null ? 'message_without_type' : 'unknown_message_type';
		return unknownEvent(envelope, item, reason, { ...parts, message: anyContent(item) });
	}
	const type = messageType(item) ?? '';
	const { kind, wantsTurn } = Object.hasOwn(TYPES, type) ? (TYPES[type] ?? PERSON_MESSAGE) : PERSON_MESSAGE;
	const shared = { ...parts, providerId: readId(item.id), message: content };
	// A group's messages are not part of the participant's own conversation.
	if (readId(item.group_id) !== null) return makeEvent(envelope, item, { ...shared, kind: 'group' });
	if (kind === 'system') {
		const contact = type === 'system' ? changedContact(item, found) : found.contact;
		return makeEvent(envelope, item, { ...shared, kind, contact });
	}
	const known = hasIdentity(found.contact);
	return makeEvent(envelope, item, {
		...shared,
		kind,
		wantsTurn: wantsTurn && known,
		ignoredReason: known ? null : 'no_sender',
	});
}

export const senderOf = (item: Json) => ({
	address: item.from,
	userId: item.from_user_id,
	parentUserId: item.from_parent_user_id,
	username: item.from_username,
});

/** The person after `user_changed_number` or `user_changed_user_id`, with the ids that the event retires. */
function changedContact(item: Json, { contact, entry }: FoundContact): ContactRef {
	const system = asRecord(item.system);
	const newPhone = readPhone(system.wa_id) ?? readPhone(system.new_wa_id);
	const newUserId = readId(system.user_id);
	const oldPhone = readPhone(system.previous_wa_id) ?? readPhone(item.from) ?? readPhone(system.customer);
	const oldUserId = readId(system.previous_user_id) ?? readId(item.from_user_id) ?? readId(entry?.user_id);
	const previous = {
		phone: newPhone !== null && oldPhone !== newPhone ? oldPhone : null,
		bsuid: newUserId !== null && oldUserId !== newUserId ? oldUserId : null,
	};
	return {
		...contact,
		phone: newPhone ?? contact.phone,
		bsuid: newUserId ?? contact.bsuid,
		parentBsuid: readId(system.parent_user_id) ?? contact.parentBsuid,
		previous: previous.phone === null && previous.bsuid === null ? null : previous,
	};
}

/** One element of `user_id_update[]`, the form of 2025 of a changed user id. */
export function userIdUpdate(envelope: Envelope, value: Json, item: Json): MetaEvent {
	const ids = isRecord(item.user_id) ? item.user_id : { current: item.user_id, previous: item.previous_user_id };
	const found = findContact(indexContacts(value.contacts), { address: item.wa_id, userId: ids.current });
	const previous = readId(ids.previous);
	return makeEvent(envelope, item, {
		kind: 'system',
		providerId: readId(item.id),
		time: item.timestamp,
		contact: { ...found.contact, previous: previous === null ? null : { phone: null, bsuid: previous } },
		contactEntry: found.entry,
		message: { ...anyContent({ type: 'user_id_update' }) },
	});
}
