import { unknownEvent, type Envelope } from './event';
import type { MetaEvent } from './types';

/** Two events with one key are one event: Meta repeats itself, and two apps may report one item. */
export const eventKey = (event: MetaEvent): string =>
	JSON.stringify([event.object, event.accountId, event.kind, event.providerId, event.providerStatus]);

/** Collects the events of one body: first wins, order of arrival, nothing thrown, nothing dropped. */
export class EventSink {
	private readonly events = new Map<string, MetaEvent>();
	private readonly overflow: unknown[] = [];
	private arrived = 0;

	constructor(private readonly maxItems: number) {}

	/** Adds what `build` makes of the item; an item whose reader fails is kept as `unknown`. */
	add(envelope: Envelope, item: unknown, build: () => MetaEvent): void {
		this.arrived += 1;
		if (this.events.size >= this.maxItems) {
			this.overflow.push({ entryId: envelope.entryId, field: envelope.field, item });
			return;
		}
		const event = this.attempt(envelope, item, build);
		const key = eventKey(event);
		if (!this.events.has(key)) this.events.set(key, event);
	}

	/** The events; items beyond the limit stand together in a last `unknown` event. */
	finish(envelope: Envelope): MetaEvent[] {
		const events = [...this.events.values()];
		if (this.overflow.length > 0) events.push(unknownEvent(envelope, this.overflow, 'over_item_limit'));
		return events;
	}

	/** How many items arrived, repeated ones included: tells whether an entry produced anything. */
	get received(): number {
		return this.arrived;
	}

	private attempt(envelope: Envelope, item: unknown, build: () => MetaEvent): MetaEvent {
		try {
			return build();
		} catch {
			return unknownEvent(envelope, item, 'reader_failed');
		}
	}
}
