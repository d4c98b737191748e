import { FactoryError } from '../errors';
import { toDatabaseError, wakeWorkers, type Database } from '../database';
import { normaliseBody, parseBody, verifySignature, type MetaEvent } from '../meta';
import { INGEST_ATTEMPTS, INGEST_DEADLINE_MS } from './defaults';

export interface IngestInput {
	rawBody: Buffer;
	/** X-Hub-Signature-256 as received. */
	signature: string | undefined;
	/** App secrets that may have signed: of several apps, current and previous. */
	secrets: readonly string[];
}

/** What became of one event. `queued`: a turn will answer it. `failed`: kept and audited, but it could not be filed. */
export interface StoredEvent {
	event: MetaEvent;
	outcome: 'queued' | 'processed' | 'pending' | 'ignored' | 'failed' | 'duplicate';
	eventId: number | null;
	tenantId: string | null;
	conversationId: string | null;
}

/** How the door answers Meta. Only 200 acknowledges, and only after the commit. */
export interface IngestResult {
	httpStatus: 200 | 400 | 401 | 413 | 503;
	body: Record<string, unknown>;
	/** Index of the secret that matched, for rotation; null when none did. */
	secretIndex: number | null;
	events: StoredEvent[];
	/** What went wrong, for the log; holds no payload. */
	error: FactoryError | null;
}

const refused = (
	httpStatus: IngestResult['httpStatus'],
	reason: string,
	error: FactoryError | null = null,
): IngestResult => ({
	httpStatus,
	body: { ok: false, reason },
	secretIndex: null,
	events: [],
	error,
});

/** Checks, parses, stores: the one way in for every door. Never throws. */
export async function ingest(database: Database, input: IngestInput): Promise<IngestResult> {
	const signature = verifySignature(input.rawBody, input.signature, input.secrets);
	if (!signature.ok) {
		countRefusal(signature.reason);
		return refused(401, `signature ${signature.reason}`);
	}
	const parsed = parseBody(input.rawBody);
	if (!parsed.ok) {
		countRefusal(parsed.reason);
		return refused(parsed.reason === 'too_large' ? 413 : 400, parsed.reason);
	}
	try {
		const events = await withDeadline(storeEvents(database, normaliseBody(parsed.body)));
		if (events.some(({ outcome }) => outcome === 'queued' || outcome === 'processed')) wakeWorkers(database);
		return { httpStatus: 200, body: summary(events), secretIndex: signature.secretIndex, events, error: null };
	} catch (error) {
		return refused(503, 'try again', toDatabaseError(error));
	}
}

/** Stores events in one round trip, one transaction. Used by `ingest` and by whoever has events of another origin. */
export async function storeEvents(database: Database, events: MetaEvent[]): Promise<StoredEvent[]> {
	if (events.length === 0) return [];
	for (let attempt = 1; ; attempt++) {
		try {
			const { rows } = await database.pool.query<{
				item: number;
				outcome: StoredEvent['outcome'];
				event_id: number | null;
				tenant_id: string | null;
				conversation_id: string | null;
			}>({
				text: `select item, outcome, event_id, tenant_id, conversation_id from ${database.qualified}ingest_events($1::jsonb) order by item`,
				values: [JSON.stringify(events)],
			});
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

/** A commit that comes after the deadline is harmless: Meta sends again and finds every item stored. */
async function withDeadline<T>(work: Promise<T>): Promise<T> {
	let timer: NodeJS.Timeout | undefined;
	const deadline = new Promise<never>((_, reject) => {
		timer = setTimeout(
			() =>
				reject(
					new FactoryError(
						'DATABASE_AWAY',
						`The database did not answer within ${INGEST_DEADLINE_MS} ms. Meta was told to send again.`,
						{ retryable: true },
					),
				),
			INGEST_DEADLINE_MS,
		);
	});
	try {
		return await Promise.race([work, deadline]);
	} finally {
		clearTimeout(timer);
	}
}

function summary(events: StoredEvent[]): Record<string, unknown> {
	const counts: Record<string, number> = {};
	for (const { outcome } of events) counts[outcome] = (counts[outcome] ?? 0) + 1;
	return { ok: true, events: events.length, ...counts };
}

const refusals = new Map<string, number>();
const countRefusal = (reason: string): void => void refusals.set(reason, (refusals.get(reason) ?? 0) + 1);

/** Requests refused by this process since it started, by reason: nothing of them is stored. */
export const refusalCounts = (): Record<string, number> => Object.fromEntries(refusals);
