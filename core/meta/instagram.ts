import { entryEnvelope, makeEvent, noContact, noMessage, unknownEvent, type Envelope } from './event';
import { addMessaging, isMessaging } from './instagram-messenger';
import { asRecord, firstId, isRecord, readId, readText, readUsername, type Json } from './read';
import type { EventSink } from './sink';
import type { MetaEvent } from './types';
import { readEntryParts } from './entry';

/** One entry of an `instagram` body: messages, comments, mentions, insights. */
export function readInstagramEntry(object: string, entry: Json, sink: EventSink): void {
	readEntryParts({ object, channel: 'instagram', entry, sink, readChange });
}

function readChange(object: string, entry: Json, change: unknown, sink: EventSink): void {
	const record = asRecord(change);
	const field = readId(record.field) ?? '';
	const envelope = entryEnvelope(object, 'instagram', entry, field);
	const { value } = record;
	if (isMessaging(value)) return addMessaging(envelope, value, sink);
	sink.add(envelope, change, () => {
		if (!isRecord(value)) return unknownEvent(envelope, change, 'value_not_an_object');
		if (field === 'comments' || field === 'live_comments') return commentEvent(envelope, change, value);
		if (field === 'mentions') return mentionEvent(envelope, change, value);
		if (field === 'story_insights') return insightEvent(envelope, value);
		return unknownEvent(envelope, change, 'unknown_field');
	});
}

/** A comment on a post, an ad or a live; newer Graph versions say `id`, older ones `comment_id`. */
function commentEvent(envelope: Envelope, change: unknown, value: Json): MetaEvent {
	const id = firstId(value.id, value.comment_id);
	if (id === null) return unknownEvent(envelope, change, 'comment_without_id');
	const from = asRecord(value.from);
	const media = asRecord(value.media);
	const own = readId(from.id) !== null && readId(from.id) === envelope.entryId;
	const type = envelope.field === 'live_comments' ? 'live_comment' : 'comment';
	return makeEvent(envelope, value, {
		kind: 'comment',
		providerId: id,
		time: value.timestamp ?? value.created_time ?? envelope.entryTime,
		contact: { ...noContact(), igsid: readId(from.id), username: readUsername(from.username) },
		message: {
			...noMessage(type, readText(value.text) ?? `[${type}]`),
			targetProviderId: firstId(value.parent_id, media.id),
			referral: readId(media.ad_id) === null ? null : media,
		},
		ignoredReason: own ? 'own_comment' : null,
	});
}

/** Somebody named the account in a caption (media only) or in a comment. */
function mentionEvent(envelope: Envelope, change: unknown, value: Json): MetaEvent {
	const id = firstId(value.comment_id, value.media_id);
	if (id === null) return unknownEvent(envelope, change, 'mention_without_id');
	return makeEvent(envelope, value, {
		kind: 'mention',
		providerId: id,
		time: envelope.entryTime,
		message: { ...noMessage('mention', '[mention]'), targetProviderId: readId(value.media_id) },
	});
}

const insightEvent = (envelope: Envelope, value: Json): MetaEvent =>
	makeEvent(envelope, value, { kind: 'account', providerId: null, time: envelope.entryTime });
