import { entryEnvelope, unknownEvent } from './event';
import { readMessaging, addMessaging } from './instagram-messenger';
import type { Json } from './read';
import type { EventSink } from './sink';
import type { ChannelKind } from './types';

export interface EntryReading {
	object: string;
	channel: ChannelKind;
	entry: Json;
	sink: EventSink;
	readChange: (object: string, entry: Json, change: unknown, sink: EventSink) => void;
}

/** The parts that Instagram and page entries share, in the order in which they arrived. */
export function readEntryParts({ object, channel, entry, sink, readChange }: EntryReading): void {
	const before = sink.received;
	for (const [name, items] of Object.entries(entry)) {
		if (!Array.isArray(items)) continue;
		const envelope = entryEnvelope(object, channel, entry, name);
		for (const item of items as unknown[]) {
			if (name === 'changes') {
				readChange(object, entry, item, sink);
			} else if (name === 'messaging') {
				addMessaging(envelope, item, sink);
			} else if (name === 'standby') {
				sink.add(envelope, item, () => ({ ...readMessaging(envelope, item), kind: 'standby', wantsTurn: false }));
			} else {
				sink.add(envelope, item, () => unknownEvent(envelope, item, `unknown_part:${name}`));
			}
		}
	}
	// Instagram-Login documents a comment's field and value on the entry itself.
	if (sink.received === before && typeof entry.field === 'string' && entry.value !== undefined) {
		readChange(object, entry, { field: entry.field, value: entry.value }, sink);
	}
	if (sink.received > before) return;
	const envelope = entryEnvelope(object, channel, entry, '');
	sink.add(envelope, entry, () => unknownEvent(envelope, entry, 'entry_without_items'));
}
