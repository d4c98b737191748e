import { BODY_MAX_ITEMS } from './defaults';
import { bodyEnvelope, unknownEvent } from './event';
import { readInstagramEntry } from './instagram';
import { readPageEntry } from './page';
import { asRecord, isRecord, readId, type Json } from './read';
import { EventSink } from './sink';
import type { MetaEvent } from './types';
import { readWhatsAppEntry } from './whatsapp';

export interface NormaliseOptions {
	/** Events beyond this number stand together in one `unknown` event. */
	maxItems?: number;
}

type EntryReader = (object: string, entry: Json, sink: EventSink) => void;

const READERS: Record<string, EntryReader> = {
	whatsapp_business_account: readWhatsAppEntry,
	instagram: readInstagramEntry,
	page: readPageEntry,
};

/** Fields that say which object a bare change belongs to: the dashboard's sample bodies come without an envelope. */
const BARE_OBJECTS: Record<string, string> = {
	comments: 'instagram',
	live_comments: 'instagram',
	mentions: 'instagram',
	story_insights: 'instagram',
	leadgen: 'page',
	feed: 'page',
};

/** Turns a webhook body into its items. Any JSON value is fine: what is not understood becomes an `unknown` event. */
export function normaliseBody(body: unknown, options: NormaliseOptions = {}): MetaEvent[] {
	const sink = new EventSink(options.maxItems ?? BODY_MAX_ITEMS);
	const envelope = bodyEnvelope(isRecord(body) ? (readId(body.object) ?? 'unknown') : 'unknown');
	try {
		readBody(body, sink);
	} catch {
		sink.add(envelope, body, () => unknownEvent(envelope, body, 'reader_failed'));
	}
	if (sink.received === 0) sink.add(envelope, body, () => unknownEvent(envelope, body, reasonFor(body)));
	return sink.finish(envelope);
}

function readBody(body: unknown, sink: EventSink): void {
	if (!isRecord(body)) return;
	const object = readId(body.object);
	if (object === null && typeof body.field === 'string' && body.value !== undefined) {
		const bareObject = bareObjectOf(body);
		if (bareObject !== null) readerOf(bareObject)?.(bareObject, { changes: [body] }, sink);
		return;
	}
	const reader = object === null ? undefined : readerOf(object);
	if (object === null || reader === undefined || !Array.isArray(body.entry)) return;
	for (const entry of body.entry as unknown[]) {
		if (isRecord(entry)) {
			reader(object, entry, sink);
		} else {
			const envelope = bodyEnvelope(object);
			sink.add(envelope, entry, () => unknownEvent(envelope, entry, 'entry_not_an_object'));
		}
	}
}

const readerOf = (object: string): EntryReader | undefined =>
	Object.hasOwn(READERS, object) ? READERS[object] : undefined;

function bareObjectOf(change: Json): string | null {
	const field = String(change.field);
	if (Object.hasOwn(BARE_OBJECTS, field)) return BARE_OBJECTS[field] ?? null;
	return asRecord(change.value).messaging_product === 'whatsapp' ? 'whatsapp_business_account' : null;
}

function reasonFor(body: unknown): string {
	if (!isRecord(body)) return 'body_not_an_object';
	const object = readId(body.object);
	if (object === null) return 'no_object';
	if (readerOf(object) === undefined) return 'unknown_object';
	return Array.isArray(body.entry) ? 'no_entries' : 'entry_not_an_array';
}
