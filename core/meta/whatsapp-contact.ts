import { noContact } from './event';
import { asArray, asRecord, firstId, isRecord, readAddress, readId, readPhone, readUsername, type Json } from './read';
import type { ContactRef } from './types';

/** `contacts[]` of a change, by every id an item may name. Never by position: Meta does not keep the orders equal. */
export interface ContactIndex {
	byId: Map<string, Json>;
	entries: Json[];
}

/** The ids of a person as one item states them. */
export interface PersonIds {
	/** `from`, `to` or `recipient_id`: a phone number or a BSUID. */
	address?: unknown;
	userId?: unknown;
	parentUserId?: unknown;
	username?: unknown;
	name?: unknown;
}

export interface FoundContact {
	contact: ContactRef;
	/** The entry of `contacts[]` as received, or null. */
	entry: Json | null;
}

/** One index per `contacts[]`, however many items of a batch ask for it. */
const indexes = new WeakMap<object, ContactIndex>();

export function indexContacts(contacts: unknown): ContactIndex {
	if (!Array.isArray(contacts)) return { byId: new Map(), entries: [] };
	const index = indexes.get(contacts) ?? buildIndex(contacts);
	indexes.set(contacts, index);
	return index;
}

function buildIndex(contacts: unknown): ContactIndex {
	const entries = asArray(contacts).filter(isRecord);
	const byId = new Map<string, Json>();
	for (const entry of entries) {
		for (const id of [readPhone(entry.wa_id), readId(entry.wa_id), readId(entry.user_id)]) {
			if (id !== null && !byId.has(id)) byId.set(id, entry);
		}
	}
	return { byId, entries };
}

/**
 * Joins an item's ids with their entry of `contacts[]`. `only` says that the item is the only one of its change: then an item that names
 * nobody belongs to the only contact.
 */
export function findContact(index: ContactIndex, ids: PersonIds, only = false): FoundContact {
	const address = readAddress(ids.address);
	const userId = readId(ids.userId) ?? address.bsuid;
	const parentId = readId(ids.parentUserId) ?? address.parentBsuid;
	const nameless = userId === null && address.phone === null && parentId === null;
	const entry =
		(userId === null ? undefined : index.byId.get(userId)) ??
		(address.phone === null ? undefined : index.byId.get(address.phone)) ??
		(nameless && only && index.entries.length === 1 ? index.entries[0] : undefined) ??
		null;
	const profile = asRecord(entry?.profile);
	const contact: ContactRef = {
		...noContact(),
		phone: address.phone ?? readPhone(entry?.wa_id),
		bsuid: userId ?? firstId(entry?.user_id, readAddress(entry?.wa_id).bsuid),
		parentBsuid: parentId ?? readId(entry?.parent_user_id),
		username: readUsername(ids.username) ?? readUsername(profile.username) ?? readUsername(entry?.username),
		name: readId(ids.name) ?? readId(profile.name) ?? readId(entry?.name),
	};
	return { contact, entry };
}
