import { holdLeases, type ClaimedTurn } from '../conversations';
import type { Database } from '../database';
import { MEDIA_LIMITS } from './defaults';
import { readMedia } from './read';
import { loadTurnsMedia, saveReading } from './store';
import { bodyOf } from './texts';
import type { MediaKind, MediaPorts, ReadingStatus, TurnMedia } from './types';

/** What was read for a turn, without the words. */
export interface TurnReading {
	messageId: number;
	kind: MediaKind;
	status: ReadingStatus;
	errorCode: string | null;
}

/**
 * Reads what the customers of these turns sent as audio, picture or document, once a message. Holds the leases meanwhile; answers in the order
 * of the turns. Only a database that is away throws: everything else is written into the message, and the turn goes on.
 */
export async function readTurns(
	database: Database,
	turns: readonly ClaimedTurn[],
	ports: MediaPorts,
	limits: { turnMs?: number } = {},
): Promise<TurnReading[][]> {
	const waiting = await loadAll(database, turns);
	if (waiting.length === 0) return turns.map(() => []);
	const held = holdLeases();
	for (const turn of turns) held.hold(database, turn);
	const ends = new Map<string, AbortSignal>();
	const done: Array<{ media: TurnMedia; reading: TurnReading }> = [];
	const readNext = async (): Promise<void> => {
		for (let media = waiting.shift(); media; media = waiting.shift()) {
			// The time of a turn begins with its first file, not with those of others.
			const key = keyOf(media);
			const end = ends.get(key) ?? AbortSignal.timeout(limits.turnMs ?? MEDIA_LIMITS.turnMs);
			ends.set(key, end);
			done.push({ media, reading: await readOne(database, media, ports, end) });
		}
	};
	try {
		await Promise.all(Array.from({ length: MEDIA_LIMITS.atOnce }, readNext));
	} finally {
		held.release();
	}
	return turns.map((turn) =>
		done
			.filter(({ media }) => keyOf(media) === keyOf(turn))
			.map(({ reading }) => reading)
			.sort((a, b) => a.messageId - b.messageId),
	);
}

const keyOf = ({ tenantId, turnId }: { tenantId: string; turnId: number }): string => `${tenantId} ${turnId}`;

async function loadAll(database: Database, turns: readonly ClaimedTurn[]): Promise<TurnMedia[]> {
	const found: TurnMedia[] = [];
	for (const tenantId of new Set(turns.map((turn) => turn.tenantId))) {
		const own = turns.filter((turn) => turn.tenantId === tenantId);
		found.push(...(await loadTurnsMedia(database, tenantId, own)));
	}
	return found;
}

async function readOne(
	database: Database,
	media: TurnMedia,
	ports: MediaPorts,
	signal: AbortSignal,
): Promise<TurnReading> {
	const started = ports.clock();
	const reading = await readMedia(media, ports, signal);
	await saveReading(database, media, reading, bodyOf(media, reading), ports.clock() - started);
	const { kind, status, errorCode } = reading;
	return { messageId: media.messageId, kind, status, errorCode };
}
