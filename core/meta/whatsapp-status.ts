import { classifyGraphError } from './errors';
import type { GraphAction } from './error-table';
import { makeEvent, unknownEvent, type Envelope } from './event';
import { asArray, asRecord, firstId, isRecord, readErrorCode, readId, readText, type Json } from './read';
import type { MetaEvent, StatusUpdate } from './types';
import { findContact, indexContacts } from './whatsapp-contact';

const STATUSES: Record<StatusUpdate['status'], true> = {
	sent: true,
	delivered: true,
	read: true,
	played: true,
	failed: true,
	deleted: true,
	warning: true,
};

const isStatus = (name: string | null): name is StatusUpdate['status'] =>
	name !== null && Object.hasOwn(STATUSES, name);

/** One element of `statuses[]`. Failed ones may name nobody: the wamid and our callback data are what counts. */
export function statusEvent(envelope: Envelope, value: Json, item: Json): MetaEvent {
	const group = item.recipient_type === 'group';
	const only = asArray(value.statuses).length === 1;
	const found = findContact(indexContacts(value.contacts), group ? participantOf(item) : recipientOf(item), only);
	const status = readStatus(item);
	const parts = { contact: found.contact, contactEntry: found.entry, time: item.timestamp };
	if (status === null || readId(item.id) === null) {
		return unknownEvent(envelope, item, status === null ? 'unknown_status' : 'status_without_id', parts);
	}
	const participant = group ? firstId(item.recipient_participant_user_id, item.recipient_participant_id) : null;
	return makeEvent(envelope, item, {
		...parts,
		kind: 'status',
		providerId: readId(item.id),
		// Every participant of a group reports the same wamid.
		providerStatus: participant === null ? status.status : `${status.status}:${participant}`,
		status,
	});
}

const recipientOf = (item: Json) => ({
	address: item.recipient_id,
	userId: item.recipient_user_id,
	parentUserId: item.recipient_parent_user_id,
});

const participantOf = (item: Json) => ({
	address: item.recipient_participant_id,
	userId: item.recipient_participant_user_id,
	parentUserId: item.recipient_participant_parent_user_id,
});

/** The status itself; null for a payment's status and for names that Meta adds. */
export function readStatus(item: Json): StatusUpdate | null {
	const name = readId(item.status)?.toLowerCase() ?? null;
	const type = readId(item.type);
	if (!isStatus(name) || (type !== null && type !== 'message')) return null;
	const error = asArray(item.errors).find(isRecord);
	const errorCode = readErrorCode(error?.code);
	return {
		status: name,
		outboxId: readId(item.biz_opaque_callback_data),
		errorCode,
		errorTitle: readText(error?.title) ?? readText(error?.message) ?? readText(asRecord(error?.error_data).details),
		pricing: isRecord(item.pricing) ? item.pricing : null,
		...(name === 'failed' ? pauseOf(errorCode) : {}),
	};
}

const PAUSES: Partial<Record<GraphAction, StatusUpdate['pause']>> = {
	pause_number: 'number',
	pause_account: 'account',
	pause_tenant: 'tenant',
};

/** An expired payment method or a locked account comes as the failure of a message that Meta took. */
function pauseOf(code: number | null): Pick<StatusUpdate, 'pause' | 'pauseReason'> {
	const { action, name, advice } = classifyGraphError({ httpStatus: 400, code });
	const pause = PAUSES[action];
	return pause === undefined ? {} : { pause, pauseReason: `${name}: ${advice}` };
}

/** One element of `value.errors[]`: a fault that belongs to no message. */
export const valueError = (envelope: Envelope, _value: Json, item: Json): MetaEvent =>
	makeEvent(envelope, item, { kind: 'error', providerId: null, time: item.timestamp });

/** One element of `calls[]`: the steps of one call share its id. */
export function callEvent(envelope: Envelope, value: Json, item: Json): MetaEvent {
	const outgoing = readId(item.direction)?.toUpperCase() === 'BUSINESS_INITIATED';
	const customer = outgoing ? 'to' : 'from';
	const found = findContact(indexContacts(value.contacts), {
		address: item[customer],
		userId: item[`${customer}_user_id`],
		parentUserId: item[`${customer}_parent_user_id`],
	});
	return makeEvent(envelope, item, {
		kind: 'call',
		providerId: readId(item.id),
		providerStatus: firstId(item.event, item.status) ?? '',
		time: item.timestamp,
		contact: found.contact,
		contactEntry: found.entry,
	});
}

/** One element of `statuses[]` under the field `calls`: ringing, accepted, rejected. */
export function callStatus(envelope: Envelope, value: Json, item: Json): MetaEvent {
	const found = findContact(indexContacts(value.contacts), recipientOf(item));
	return makeEvent(envelope, item, {
		kind: 'call',
		providerId: readId(item.id),
		providerStatus: readId(item.status) ?? '',
		time: item.timestamp,
		contact: found.contact,
		contactEntry: found.entry,
	});
}
