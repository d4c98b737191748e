import { toDatabaseError, type Database } from '../database';

export interface UnroutedEvent {
	id: number;
	object: string;
	account_id: string;
	kind: string;
	reason: string | null;
	received_at: Date;
}

/** Newest events that no channel account claims. */
export async function listUnroutedEvents(database: Database, limit: number): Promise<UnroutedEvent[]> {
	try {
		return (
			await database.pool.query<UnroutedEvent>(`select * from ${database.qualified}list_unrouted_events($1::integer)`, [
				limit,
			])
		).rows;
	} catch (error) {
		throw toDatabaseError(error);
	}
}
