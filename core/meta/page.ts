import { readEntryParts } from './entry';
import { entryEnvelope, makeEvent, noContact, noMessage, unknownEvent, type Envelope } from './event';
import { addMessaging, isMessaging } from './instagram-messenger';
import { asRecord, contentId, firstId, isRecord, readId, readText, type Json } from './read';
import type { EventSink } from './sink';
import type { MetaEvent } from './types';

/** One entry of a `page` body: Messenger messages, Lead Ads, comments of the page's feed. */
export function readPageEntry(object: string, entry: Json, sink: EventSink): void {
	readEntryParts({ object, channel: 'messenger', entry, sink, readChange });
}

function readChange(object: string, entry: Json, change: unknown, sink: EventSink): void {
	const record = asRecord(change);
	const field = readId(record.field) ?? '';
	const envelope = entryEnvelope(object, 'messenger', entry, field);
	const { value } = record;
	if (isMessaging(value)) return addMessaging(envelope, value, sink);
	sink.add(envelope, change, () => {
		if (!isRecord(value)) return unknownEvent(envelope, change, 'value_not_an_object');
		if (field === 'leadgen') return leadEvent(envelope, change, value);
		if (field === 'feed' && readId(value.item) === 'comment') return feedComment(envelope, change, value);
		if (field === 'mention') return mentionEvent(envelope, change, value);
		return unknownEvent(envelope, change, field === 'feed' ? 'unhandled_feed_item' : 'unknown_field');
	});
}

/** A filled lead form: only ids, the answers are fetched with the page's token. */
function leadEvent(envelope: Envelope, change: unknown, value: Json): MetaEvent {
	const id = readId(value.leadgen_id);
	if (id === null) return unknownEvent(envelope, change, 'leadgen_without_id');
	const route = { ...envelope.route, externalId: envelope.route.externalId ?? readId(value.page_id) };
	const { form_id, ad_id, adgroup_id, page_id } = value;
	return makeEvent({ ...envelope, route }, value, {
		kind: 'leadgen',
		providerId: id,
		time: value.created_time ?? envelope.entryTime,
		message: {
			...noMessage('leadgen', '[lead form]'),
			replyId: readId(form_id),
			referral: { form_id, ad_id, adgroup_id, page_id },
		},
	});
}

function feedComment(envelope: Envelope, change: unknown, value: Json): MetaEvent {
	const id = readId(value.comment_id);
	if (id === null) return unknownEvent(envelope, change, 'comment_without_id');
	const from = asRecord(value.from);
	const verb = readId(value.verb) ?? 'add';
	const own = readId(from.id) !== null && readId(from.id) === envelope.entryId;
	return makeEvent(envelope, value, {
		kind: 'comment',
		// Edits and removals repeat the id of the comment.
		providerId: verb === 'add' ? id : `${id}:${verb}:${contentId(value)}`,
		time: value.created_time ?? envelope.entryTime,
		contact: { ...noContact(), psid: readId(from.id), name: readId(from.name) },
		message: {
			...noMessage(verb === 'add' ? 'comment' : `comment_${verb}`, readText(value.message) ?? '[comment]'),
			targetProviderId: firstId(value.parent_id, value.post_id),
		},
		ignoredReason: own ? 'own_comment' : null,
	});
}

function mentionEvent(envelope: Envelope, change: unknown, value: Json): MetaEvent {
	const id = firstId(value.comment_id, value.post_id);
	if (id === null) return unknownEvent(envelope, change, 'mention_without_id');
	const sender = asRecord(value.from);
	return makeEvent(envelope, value, {
		kind: 'mention',
		providerId: id,
		time: value.created_time ?? envelope.entryTime,
		contact: {
			...noContact(),
			psid: firstId(sender.id, value.sender_id),
			name: firstId(sender.name, value.sender_name),
		},
		message: {
			...noMessage('mention', readText(value.message) ?? '[mention]'),
			targetProviderId: readId(value.post_id),
		},
	});
}
