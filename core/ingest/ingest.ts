import { FactoryError } from '../errors';
import { toDatabaseError, wakeWorkers, type Database } from '../database';
import { normaliseBody, parseBody, verifySignature } from '../meta';
import { INGEST_DEADLINE_MS } from './defaults';
import { storeEvents, type StoredEvent, type StoreEvents } from './store';

export interface IngestInput {
	rawBody: Buffer;
	/** X-Hub-Signature-256 as received. */
	signature: string | undefined;
	/** App secrets that may have signed: of several apps, current and previous. */
	secrets: readonly string[];
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

/**
 * Checks, parses, stores: the one way in for every door. Never throws. `store` puts the events somewhere else than into a transaction
 * of their own: a batcher.
 */
export async function ingest(
	database: Database,
	input: IngestInput,
	{ store = async (events) => await storeEvents(database, events) }: { store?: StoreEvents } = {},
): Promise<IngestResult> {
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
		const events = await withDeadline(store(normaliseBody(parsed.body)));
		wakeFor(database, events);
		return { httpStatus: 200, body: summary(events), secretIndex: signature.secretIndex, events, error: null };
	} catch (error) {
		return refused(503, 'try again', toDatabaseError(error));
	}
}

/** A message is work for the turns; a status may let the next part of a reply go. */
function wakeFor(database: Database, events: StoredEvent[]): void {
	if (events.some(({ outcome }) => outcome === 'queued')) wakeWorkers(database, 'turns');
	if (events.some(({ outcome }) => outcome === 'processed')) wakeWorkers(database);
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
