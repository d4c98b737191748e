import { makeEvent, noMessage, type Envelope } from './event';
import { asRecord, contentId, firstId, readId, readText, type Json } from './read';
import type { EventKind, MetaEvent } from './types';
import { findContact, indexContacts } from './whatsapp-contact';

/** Fields about templates, numbers and accounts: the value is the item. A field that is not listed is `unknown`. */
const MANAGEMENT_FIELDS: Record<string, EventKind> = {
	message_template_status_update: 'template',
	message_template_quality_update: 'template',
	message_template_components_update: 'template',
	message_template_category_update: 'template',
	template_category_update: 'template',
	template_correct_category_detection: 'template',
	account_alerts: 'account',
	account_review_update: 'account',
	account_settings_update: 'account',
	account_update: 'account',
	business_capability_update: 'account',
	business_status_update: 'account',
	business_username_updates: 'account',
	flows: 'account',
	partner_solutions: 'account',
	payment_configuration_update: 'account',
	phone_number_name_update: 'account',
	phone_number_quality_update: 'account',
	phone_number_username_update: 'account',
	security: 'account',
};

export const managementKind = (field: string): EventKind | null =>
	Object.hasOwn(MANAGEMENT_FIELDS, field) ? (MANAGEMENT_FIELDS[field] ?? null) : null;

/** A management field: no id of its own, so the id is the value and the moment. */
export function managementEvent(envelope: Envelope, kind: EventKind, value: Json): MetaEvent {
	const settings = asRecord(value.phone_number_settings);
	const partnerWaba = readId(asRecord(value.waba_info).waba_id);
	const route = {
		...envelope.route,
		externalId: envelope.route.externalId ?? readId(settings.phone_number_id),
		// The entry of a partner event is the partner's business, not the account.
		parentId: partnerWaba ?? envelope.route.parentId,
		displayPhone: envelope.route.displayPhone ?? readText(value.display_phone_number),
	};
	const moment = { field: envelope.field, time: readText(envelope.entryTime), value };
	return makeEvent({ ...envelope, route }, value, {
		kind,
		providerId: contentId(moment),
		time: envelope.entryTime ?? value.timestamp,
	});
}

/** `messaging_handovers`: who answers this thread changed. The value is the item. */
export function handoverEvent(envelope: Envelope, value: Json): MetaEvent {
	const recipient = asRecord(value.recipient);
	const sender = asRecord(value.sender);
	const route = {
		...envelope.route,
		externalId: readId(recipient.phone_number_id) ?? envelope.route.externalId,
		displayPhone: readText(recipient.display_phone_number) ?? envelope.route.displayPhone,
	};
	const found = findContact(indexContacts(value.contacts), {
		address: firstId(sender.phone_number, sender.wa_id),
		userId: sender.user_id,
		parentUserId: sender.parent_user_id,
	});
	const type = readId(value.type) ?? 'handover';
	return makeEvent({ ...envelope, route }, value, {
		kind: 'handover',
		providerId: readId(value.id),
		time: value.timestamp,
		contact: found.contact,
		contactEntry: found.entry,
		message: noMessage(type, `[${type}]`),
	});
}

/** Items about a person that are no message: each has the person's ids beside its own facts. */
function personEvent(
	envelope: Envelope,
	value: Json,
	item: Json,
	kind: EventKind,
	type: string,
	text: string,
): MetaEvent {
	const found = findContact(indexContacts(value.contacts), {
		address: item.wa_id ?? item.from,
		userId: item.user_id ?? item.from_user_id,
		parentUserId: item.parent_user_id ?? item.from_parent_user_id,
		username: item.username,
	});
	return makeEvent(envelope, item, {
		kind,
		providerId: null,
		time: item.timestamp,
		contact: found.contact,
		contactEntry: found.entry,
		message: noMessage(type, text),
	});
}

/** One element of `user_preferences[]`: marketing opt-out (`stop`) or opt-in (`resume`). */
export function preferenceEvent(envelope: Envelope, value: Json, item: Json): MetaEvent {
	const choice = readId(item.value)?.toLowerCase() ?? 'unknown';
	const event = personEvent(envelope, value, item, 'preference', choice, readText(item.detail) ?? `[${choice}]`);
	return event.message === null ? event : { ...event, message: { ...event.message, replyId: readId(item.category) } };
}

/** One element of `groups[]`. */
export function groupEvent(envelope: Envelope, value: Json, item: Json): MetaEvent {
	const type = readId(item.type) ?? 'group';
	return personEvent(envelope, value, item, 'group', type, `[${type}]`);
}

/** One element of `automatic_events[]` or `user_actions[]`: what Meta noticed about a person, e.g. a click. */
export function noticedEvent(envelope: Envelope, value: Json, item: Json): MetaEvent {
	const type = firstId(item.event_name, item.action_type, item.type) ?? 'event';
	return personEvent(envelope, value, item, 'system', type, `[${type}]`);
}
