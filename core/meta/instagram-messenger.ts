import { hasIdentity, makeEvent, noContact, noMessage, unknownEvent, type Envelope, type EventParts } from './event';
import { attachmentContent } from './attachments';
import { asArray, asRecord, contentId, firstId, isRecord, readId, readText, type Json } from './read';
import type { EventSink } from './sink';
import type { ContactRef, EventKind, MetaEvent } from './types';

/** The messaging events that Instagram and Messenger share: `entry[].messaging[]`, one key a kind. */
type MessagingReader = (envelope: Envelope, item: Json, section: Json) => MetaEvent;

const READERS: Record<string, MessagingReader> = {
	message: readMessage,
	message_edit: readEdit,
	postback: readPostback,
	reaction: readReaction,
	read: readSeen,
	referral: readReferral,
	optin: readOptin,
	pass_thread_control: simple('handover'),
	take_thread_control: simple('handover'),
	request_thread_control: simple('handover'),
	app_roles: simple('handover'),
	account_linking: simple('system'),
	messaging_feedback: simple('system'),
	response_feedback: simple('system'),
	policy_enforcement: simple('account'),
	'policy-enforcement': simple('account'),
};

/** One element of `messaging[]`, or the value of a change that the dashboard's test sends in its place. */
export function addMessaging(envelope: Envelope, item: unknown, sink: EventSink): void {
	const delivered = isRecord(item) && isRecord(item.delivery) ? asArray(item.delivery.mids) : [];
	if (isRecord(item) && delivered.length > 0) {
		for (const mid of delivered) sink.add(envelope, item, () => readDelivery(envelope, item, mid));
		return;
	}
	sink.add(envelope, item, () => readMessaging(envelope, item));
}

export function readMessaging(envelope: Envelope, item: unknown): MetaEvent {
	if (!isRecord(item)) return unknownEvent(envelope, item, 'item_not_an_object');
	const name = Object.keys(READERS).find((key) => isRecord(item[key]));
	const reader = name === undefined ? undefined : READERS[name];
	if (name === undefined || reader === undefined) {
		return unknownEvent(envelope, item, 'unknown_messaging_event', { contact: personOf(envelope, item) });
	}
	return reader(envelope, item, asRecord(item[name]));
}

/** Does this value of a change look like a messaging event? */
export const isMessaging = (value: unknown): value is Json =>
	isRecord(value) &&
	(isRecord(value.sender) || isRecord(value.recipient)) &&
	Object.keys(READERS).some((key) => isRecord(value[key]));

/** The customer: the sender, but the recipient of what the business sent. */
function personOf(envelope: Envelope, item: Json, fromBusiness = false): ContactRef {
	const side = asRecord(fromBusiness ? item.recipient : item.sender);
	const id = readId(side.id);
	const isInstagram = envelope.route.channel === 'instagram';
	return {
		...noContact(),
		igsid: isInstagram ? id : null,
		psid: isInstagram ? null : id,
		username: readId(side.username),
	};
}

const eventOf = (envelope: Envelope, item: Json, parts: EventParts): MetaEvent =>
	makeEvent(envelope, item, { contact: personOf(envelope, item), time: item.timestamp, ...parts });

function readMessage(envelope: Envelope, item: Json, message: Json): MetaEvent {
	const sender = readId(asRecord(item.sender).id);
	const fromBusiness = message.is_echo === true || (sender !== null && sender === envelope.entryId);
	const contact = personOf(envelope, item, fromBusiness);
	const content = messageContent(message);
	const providerId = readId(message.mid);
	if (message.is_deleted === true) {
		const revoke = { ...noMessage('revoke', '[message deleted]'), targetProviderId: providerId };
		return eventOf(envelope, item, { kind: 'revoke', providerId, contact, message: revoke });
	}
	if (content === null) {
		return unknownEvent(envelope, item, 'message_without_content', {
			contact,
			message: noMessage('unknown', '[unknown]'),
		});
	}
	if (fromBusiness) return eventOf(envelope, item, { kind: 'echo', providerId, contact, message: content });
	const known = hasIdentity(contact);
	// A test message of the account to itself: an answer would be a talk with oneself.
	const isSelf = message.is_self === true;
	return eventOf(envelope, item, {
		kind: 'message',
		providerId,
		contact,
		message: content,
		wantsTurn: known && !isSelf,
		ignoredReason: isSelf ? 'self_message' : known ? null : 'no_sender',
	});
}

function messageContent(message: Json): MetaEvent['message'] {
	const text = readText(message.text);
	const quickReply = isRecord(message.quick_reply) ? message.quick_reply : null;
	const replyTo = asRecord(message.reply_to);
	const story = isRecord(replyTo.story) ? replyTo.story : null;
	const base = attachmentContent(message.attachments) ?? (text === null ? null : noMessage('text', text));
	const unsupported = message.is_unsupported === true ? noMessage('unsupported', text ?? '[unsupported]') : null;
	const content = base ?? unsupported ?? (quickReply === null ? null : noMessage('quick_reply', ''));
	if (content === null) return null;
	const isPlain = content.type === 'text';
	return {
		...content,
		type: quickReply !== null ? 'quick_reply' : story !== null && isPlain ? 'story_reply' : content.type,
		text: text || content.text,
		replyId: readId(quickReply?.payload),
		targetProviderId: firstId(replyTo.mid, story?.id),
		referral: isRecord(message.referral) ? message.referral : null,
	};
}

/** Several edits of one message share its mid; their number tells them apart. */
function readEdit(envelope: Envelope, item: Json, edit: Json): MetaEvent {
	const mid = readId(edit.mid);
	const version = firstId(edit.num_edit, item.timestamp);
	return eventOf(envelope, item, {
		kind: 'edit',
		providerId: mid === null ? null : version === null ? `${mid}:${contentId(edit)}` : `${mid}:${version}`,
		message: { ...noMessage('edit', readText(edit.text) ?? '[edit]'), targetProviderId: mid },
	});
}

function readPostback(envelope: Envelope, item: Json, postback: Json): MetaEvent {
	const contact = personOf(envelope, item);
	const payload = readId(postback.payload);
	return eventOf(envelope, item, {
		kind: 'postback',
		providerId: readId(postback.mid),
		contact,
		message: {
			...noMessage('postback', readText(postback.title) ?? payload ?? '[postback]'),
			replyId: payload,
			referral: isRecord(postback.referral) ? postback.referral : null,
		},
		wantsTurn: hasIdentity(contact),
		ignoredReason: hasIdentity(contact) ? null : 'no_sender',
	});
}

/** A reaction has no id of its own, and the same person may react, take it back and react again. */
function readReaction(envelope: Envelope, item: Json, reaction: Json): MetaEvent {
	const removed = readId(reaction.action) === 'unreact';
	const emoji = readText(reaction.emoji) || readText(reaction.reaction) || '[reaction]';
	const content = removed ? noMessage('reaction_removed', '[reaction removed]') : noMessage('reaction', emoji);
	return eventOf(envelope, item, {
		kind: 'reaction',
		providerId: null,
		message: { ...content, targetProviderId: readId(reaction.mid) },
	});
}

/** Instagram names the last message that was seen, Messenger a moment. */
function readSeen(envelope: Envelope, item: Json, seen: Json): MetaEvent {
	const mid = readId(seen.mid);
	return eventOf(envelope, item, {
		kind: 'read',
		providerId: mid,
		message: { ...noMessage('read', '[read]'), targetProviderId: mid },
	});
}

function readReferral(envelope: Envelope, item: Json, referral: Json): MetaEvent {
	const message = { ...noMessage('referral', '[referral]'), replyId: readId(referral.ref), referral };
	return eventOf(envelope, item, { kind: 'referral', providerId: null, message });
}

function readOptin(envelope: Envelope, item: Json, optin: Json): MetaEvent {
	const message = {
		...noMessage('optin', readText(optin.title) ?? '[optin]'),
		replyId: firstId(optin.payload, optin.ref),
	};
	return eventOf(envelope, item, { kind: 'optin', providerId: null, message });
}

function simple(kind: EventKind): MessagingReader {
	return (envelope, item) => {
		const name = Object.keys(READERS).find((key) => isRecord(item[key])) ?? kind;
		return eventOf(envelope, item, { kind, providerId: null, message: noMessage(name, `[${name}]`) });
	};
}

/** Messenger lists the delivered messages of one person in one event: a status each. */
function readDelivery(envelope: Envelope, item: Json, mid: unknown): MetaEvent {
	const providerId = readId(mid);
	if (providerId === null) return unknownEvent(envelope, item, 'delivery_without_mid');
	const status = { status: 'delivered' as const, outboxId: null, errorCode: null, errorTitle: null, pricing: null };
	return eventOf(envelope, item, { kind: 'status', providerId, providerStatus: 'delivered', status });
}
