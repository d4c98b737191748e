import { noRoute, unknownEvent, type Envelope } from './event';
import { asRecord, isRecord, readId, readText, type Json } from './read';
import type { EventSink } from './sink';
import type { EventRoute, MetaEvent } from './types';
import {
	groupEvent,
	handoverEvent,
	managementEvent,
	managementKind,
	noticedEvent,
	preferenceEvent,
} from './whatsapp-account';
import { echoEvent, historyMedia, readHistoryChunk, stateSync } from './whatsapp-coexistence';
import { inboundMessage, userIdUpdate } from './whatsapp-message';
import { callEvent, callStatus, statusEvent, valueError } from './whatsapp-status';

type ItemReader = (envelope: Envelope, value: Json, item: Json) => MetaEvent;
type Adapt = (event: MetaEvent) => MetaEvent;

/** What an array of `value` holds. Which arrays stand together is Meta's choice, so every field may carry every array. */
const ARRAYS: Record<string, ItemReader> = {
	messages: inboundMessage,
	statuses: statusEvent,
	errors: valueError,
	message_echoes: echoEvent('echo'),
	state_sync: stateSync,
	user_preferences: preferenceEvent,
	calls: callEvent,
	groups: groupEvent,
	user_actions: noticedEvent,
	automatic_events: noticedEvent,
	user_id_update: userIdUpdate,
};

/** Fields under which an array means something else. */
const ARRAYS_BY_FIELD: Record<string, Record<string, ItemReader>> = {
	history: { messages: historyMedia, message_echoes: echoEvent('history') },
	smb_message_echoes: { messages: echoEvent('echo') },
	message_echoes: { messages: echoEvent('echo') },
	calls: { statuses: callStatus },
};

const ITEM_FIELDS = new Set([
	'messages',
	'message_echoes',
	'smb_message_echoes',
	'history',
	'smb_app_state_sync',
	'user_preferences',
	'calls',
	'automatic_events',
	'user_id_update',
	'group_lifecycle_update',
	'group_participants_update',
	'group_settings_update',
	'group_status_update',
]);

/** Parts of `value` that describe the items and are kept with each of them. */
const ENVELOPE_KEYS = new Set(['messaging_product', 'metadata', 'contacts', 'conversation_context']);

/** One entry of a `whatsapp_business_account` body. */
export function readWhatsAppEntry(object: string, entry: Json, sink: EventSink): void {
	const changes = Array.isArray(entry.changes) ? (entry.changes as unknown[]) : [];
	if (changes.length === 0) {
		const envelope = envelopeOf(object, entry, {});
		sink.add(envelope, entry, () => unknownEvent(envelope, entry, 'entry_without_changes'));
	}
	for (const change of changes) readChange(object, entry, change, sink);
}

function readChange(object: string, entry: Json, change: unknown, sink: EventSink): void {
	const envelope = envelopeOf(object, entry, asRecord(change));
	const unknown = (reason: string): void => sink.add(envelope, change, () => unknownEvent(envelope, change, reason));
	if (!isRecord(change)) return unknown('change_not_an_object');
	const { value } = change;
	if (!isRecord(value)) return unknown('value_not_an_object');
	const kind = managementKind(envelope.field);
	if (kind !== null) return sink.add(envelope, value, () => managementEvent(envelope, kind, value));
	if (envelope.field === 'messaging_handovers') return sink.add(envelope, value, () => handoverEvent(envelope, value));
	if (envelope.field === 'standby') return readStandby(envelope, value, change, sink);
	if (!ITEM_FIELDS.has(envelope.field)) return unknown('unknown_field');
	if (!readItems(envelope, value, sink)) unknown('no_items');
}

function envelopeOf(object: string, entry: Json, change: Json): Envelope {
	const value = asRecord(change.value);
	const metadata = asRecord(value.metadata);
	const entryId = readId(entry.id);
	const route: EventRoute = {
		...noRoute('whatsapp'),
		externalId: readId(metadata.phone_number_id),
		parentId: entryId,
		displayPhone: readText(metadata.display_phone_number),
	};
	return {
		object,
		field: readId(change.field) ?? '',
		entryId,
		entryTime: entry.time,
		route,
		metadata: value.metadata,
		extra: value.conversation_context === undefined ? undefined : { conversationContext: value.conversation_context },
	};
}

/** Reads every array of the value, in the order in which it arrived; false when there was none. */
function readItems(envelope: Envelope, value: Json, sink: EventSink, adapt: Adapt = (event) => event): boolean {
	let found = false;
	for (const [name, items] of Object.entries(value)) {
		if (ENVELOPE_KEYS.has(name) || items === null || items === undefined) continue;
		const reader = readerOf(envelope.field, name);
		if (name === 'history' && Array.isArray(items)) {
			for (const chunk of items as unknown[]) addChunk(envelope, value, chunk, sink);
		} else if (reader !== null && Array.isArray(items)) {
			for (const item of items as unknown[]) {
				addItem(envelope, item, sink, (record) => adapt(reader(envelope, value, record)));
			}
		} else if (reader !== null || name === 'history' || Array.isArray(items)) {
			// A known name of a wrong type, or an array that Meta added: kept, not understood.
			const part = { [name]: items };
			sink.add(envelope, part, () => unknownEvent(envelope, part, `unknown_part:${name}`));
		} else {
			continue;
		}
		found ||= !Array.isArray(items) || items.length > 0;
	}
	return found;
}

function readerOf(field: string, name: string): ItemReader | null {
	const special = Object.hasOwn(ARRAYS_BY_FIELD, field) ? ARRAYS_BY_FIELD[field] : undefined;
	if (special !== undefined && Object.hasOwn(special, name)) return special[name] ?? null;
	return Object.hasOwn(ARRAYS, name) ? (ARRAYS[name] ?? null) : null;
}

function addItem(envelope: Envelope, item: unknown, sink: EventSink, read: (item: Json) => MetaEvent): void {
	sink.add(envelope, item, () => (isRecord(item) ? read(item) : unknownEvent(envelope, item, 'item_not_an_object')));
}

function addChunk(envelope: Envelope, value: Json, chunk: unknown, sink: EventSink): void {
	if (isRecord(chunk)) return readHistoryChunk(envelope, value, chunk, sink);
	sink.add(envelope, chunk, () => unknownEvent(envelope, chunk, 'item_not_an_object'));
}

/** Conversation routing: another app owns the thread, we only listen. Everything inside is kind `standby`. */
function readStandby(envelope: Envelope, value: Json, change: Json, sink: EventSink): void {
	const listen = (event: MetaEvent): MetaEvent => ({ ...event, kind: 'standby', wantsTurn: false });
	if (readItems(envelope, asRecord(value.standby), sink, listen)) return;
	sink.add(envelope, change, () => unknownEvent(envelope, change, 'no_items'));
}
