import { asRecord, contentId, isRecord, keyPart, readId, readTime, type Json } from './read';
import type { ChannelKind, ContactRef, EventKind, EventRoute, MessageContent, MetaEvent, StatusUpdate } from './types';

/** What the items of one change share. */
export interface Envelope {
	object: string;
	field: string;
	entryId: string | null;
	/** As received: seconds, milliseconds, text, or absent. */
	entryTime: unknown;
	route: EventRoute;
	metadata: unknown;
	/** Kept beside every item of the change, e.g. the conversation context of a routed thread. */
	extra?: Json;
}

/** What one item adds to its envelope; what is left out is null, empty or false. */
export interface EventParts {
	kind: EventKind;
	/** Null: Meta gave no id, the content is the id. */
	providerId: string | null;
	providerStatus?: string;
	/** Meta's timestamp of the item. */
	time?: unknown;
	contact?: ContactRef | null;
	/** The entry of `contacts[]` as received. */
	contactEntry?: unknown;
	message?: MessageContent | null;
	status?: StatusUpdate | null;
	wantsTurn?: boolean;
	ignoredReason?: string | null;
	extra?: Json;
}

export const noRoute = (channel: ChannelKind | null = null): EventRoute => ({
	channel,
	externalId: null,
	parentId: null,
	displayPhone: null,
});

export const noContact = (): ContactRef => ({
	phone: null,
	bsuid: null,
	parentBsuid: null,
	igsid: null,
	psid: null,
	username: null,
	name: null,
	previous: null,
});

export const noMessage = (type: string, text: string): MessageContent => ({
	type,
	text,
	replyId: null,
	targetProviderId: null,
	media: null,
	referral: null,
});

/** Can this person be answered or found again? */
export const hasIdentity = (contact: ContactRef | null): boolean =>
	contact !== null && [contact.phone, contact.bsuid, contact.igsid, contact.psid].some((id) => id !== null);

/** A contact of which only a display name is known names nobody. */
const isNobody = (contact: ContactRef | null | undefined): boolean =>
	!contact || !(hasIdentity(contact) || contact.parentBsuid || contact.username || contact.previous);

export function makeEvent(envelope: Envelope, item: unknown, parts: EventParts): MetaEvent {
	return {
		object: keyPart(envelope.object),
		accountId: keyPart(envelope.route.externalId ?? envelope.entryId ?? ''),
		field: envelope.field,
		kind: parts.kind,
		providerId: keyPart(parts.providerId ?? contentId(item)),
		providerStatus: keyPart(parts.providerStatus ?? ''),
		route: envelope.route,
		occurredAt: readTime(parts.time) ?? null,
		contact: isNobody(parts.contact) ? null : (parts.contact ?? null),
		message: parts.message ?? null,
		status: parts.status ?? null,
		wantsTurn: parts.wantsTurn ?? false,
		ignoredReason: parts.ignoredReason ?? null,
		payload: {
			item,
			metadata: envelope.metadata ?? null,
			contact: parts.contactEntry ?? null,
			field: envelope.field,
			entryId: envelope.entryId,
			...envelope.extra,
			...parts.extra,
		},
	};
}

/** Stored as received, never answered. */
export const unknownEvent = (
	envelope: Envelope,
	item: unknown,
	reason: string,
	parts: Partial<EventParts> = {},
): MetaEvent =>
	makeEvent(envelope, item, { time: timeOf(item), ...parts, kind: 'unknown', providerId: null, ignoredReason: reason });

const timeOf = (item: unknown): unknown => (isRecord(item) ? (item.timestamp ?? item.time) : null);

/** The envelope of a body, before an entry is known. */
export const bodyEnvelope = (object: string, channel: ChannelKind | null = null): Envelope => ({
	object,
	field: '',
	entryId: null,
	entryTime: null,
	route: noRoute(channel),
	metadata: null,
});

/** The envelope of an entry whose id is the channel account (Instagram, page). */
export function entryEnvelope(object: string, channel: ChannelKind, entry: unknown, field: string): Envelope {
	const { id, time } = asRecord(entry);
	const entryId = readId(id);
	return {
		object,
		field,
		entryId,
		entryTime: time,
		route: { ...noRoute(channel), externalId: entryId },
		metadata: null,
	};
}
