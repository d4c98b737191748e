import { toDatabaseError, type Database } from '../database';
import { storableJson, type MetaEvent } from '../meta';
import type { QueryConfig } from 'pg';
import { INGEST_ATTEMPTS, INGEST_DEADLINE_MS } from './defaults';

/** What became of one event. `queued`: a turn will answer it. `failed`: kept and audited, but it could not be filed. */
export interface StoredEvent {
	event: MetaEvent;
	outcome: 'queued' | 'processed' | 'pending' | 'ignored' | 'failed' | 'duplicate';
	eventId: number | null;
	tenantId: string | null;
	conversationId: string | null;
}

/** Stores events and answers after the commit, one result an event, in their order. */
export type StoreEvents = (events: MetaEvent[]) => Promise<StoredEvent[]>;

interface StoredRow {
	item: number;
	outcome: StoredEvent['outcome'];
	event_id: number | null;
	tenant_id: string | null;
	conversation_id: string | null;
}

/** Stores events in one round trip, one transaction. Used by `ingest` and by whoever has events of another origin. */
export async function storeEvents(database: Database, events: MetaEvent[]): Promise<StoredEvent[]> {
	if (events.length === 0) return [];
	for (let attempt = 1; ; attempt++) {
		try {
			const { rows } = await database.pool.query<StoredRow>({
				text: `select item, outcome, event_id, tenant_id, conversation_id from ${database.qualified}ingest_events($1::jsonb) order by item`,
				values: [storableJson(events)],
				// Nobody waits any longer, and a connection that went silent must not keep its place.
				query_timeout: INGEST_DEADLINE_MS,
			} as QueryConfig);
			return rows.map((row) => ({
				event: events[row.item],
				outcome: row.outcome,
				eventId: row.event_id,
				tenantId: row.tenant_id,
				conversationId: row.conversation_id,
			}));
		} catch (error) {
			const failure = toDatabaseError(error);
			if (failure.code !== 'DATABASE_BUSY' || attempt >= INGEST_ATTEMPTS) throw failure;
		}
	}
}
