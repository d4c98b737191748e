import type { Pool } from 'pg';
import {
	claimTurns,
	completeTurn,
	renewLease,
	retryTurn,
	type ClaimedTurn,
	type SettledDecision,
} from '../../../core/conversations';
import type { Database } from '../../../core/database';
import { isFactoryError } from '../../../core/errors';
import type { TestTenant } from '../../support/factory';

export const silence: SettledDecision = {
	action: 'silence',
	messages: [],
	handoffReason: null,
	deferUntil: null,
	optOut: false,
	checks: [],
	usage: [],
	agentVersionId: null,
	systemPromptId: null,
	personaId: null,
};

/** Waiting messages as ingest leaves them, `messages` of each of `conversations`, due at once; the newest conversation id last. */
export async function fillQueue(
	admin: Pool,
	tenant: TestTenant,
	conversations: number,
	messages: number,
): Promise<void> {
	await admin.query(
		`with person as (
			insert into agent_factory.contacts (tenant_id) select $1 from generate_series(1, $3::int) returning tenant_id, id
		), thread as (
			insert into agent_factory.conversations (tenant_id, contact_id, channel_account_id) select tenant_id, id, $2 from person
				returning tenant_id, id, contact_id, channel_account_id
		), said as (
			insert into agent_factory.messages (tenant_id, conversation_id, contact_id, channel_account_id, direction, author, status)
				select t.tenant_id, t.id, t.contact_id, t.channel_account_id, 'inbound', 'contact', 'received'
				from generate_series(1, $4::int) n cross join thread t order by n returning tenant_id, conversation_id, id
		), queued as (
			insert into agent_factory.message_queue (tenant_id, conversation_id, message_id, created_at)
				select tenant_id, conversation_id, id, now() - interval '1 hour' from said order by id
		)
		insert into agent_factory.conversation_locks (tenant_id, conversation_id, available_at) select tenant_id, id, now() - interval '1 hour' from thread`,
		[tenant.id, tenant.channelAccountId, conversations, messages],
	);
}

/** What strict order forbids, as seen by whoever settles: kept outside the database, so that no function under test can hide it. */
export interface Seen {
	settled: number;
	/** A message settled after a later one of its conversation, or twice. */
	disorder: number;
	/** Turns settled by a worker although another had been given them before it asked. */
	overlaps: number;
	/** Settles that the database refused for any other reason than a lost lease. */
	refused: number;
	staleRefused: number;
}

/**
 * `workers` claim and settle side by side until nothing is left. Some settle late, of those some with a
 * lease that is over and another worker's, some put back: `random` decides.
 */
export async function hammer(
	database: Database,
	{ workers, random, maxMessages }: { workers: number; random: () => number; maxMessages?: number },
	isEmpty: () => Promise<boolean>,
): Promise<Seen> {
	const seen: Seen = { settled: 0, disorder: 0, overlaps: 0, refused: 0, staleRefused: 0 };
	const last = new Map<string, number>();
	const newestToken = new Map<number, number>();
	const late: ClaimedTurn[] = [];
	const settle = async (turn: ClaimedTurn): Promise<void> => {
		const isLost = turn.leaseToken < (newestToken.get(turn.turnId) ?? 0);
		try {
			await completeTurn(database, turn, silence);
		} catch (error) {
			if (isFactoryError(error) && error.code === 'LEASE_LOST') seen.staleRefused++;
			else seen.refused++;
			return;
		}
		if (isLost) seen.overlaps++;
		for (const id of turn.messageIds) {
			if (id <= (last.get(turn.conversationId) ?? 0)) seen.disorder++;
			last.set(turn.conversationId, id);
			seen.settled++;
		}
	};
	const work = async (worker: number): Promise<void> => {
		while (!(await isEmpty())) {
			// A lease of 0 s is over as the claim returns: whoever takes it next must win.
			const short = random() < 0.2;
			const turns = await claimTurns(database, {
				workerId: `w${worker}`,
				limit: 1 + Math.floor(random() * 8),
				leaseSeconds: short ? 0 : 60,
				maxMessages,
			});
			for (const turn of turns) {
				newestToken.set(turn.turnId, Math.max(turn.leaseToken, newestToken.get(turn.turnId) ?? 0));
				const fate = random();
				if (fate < (short ? 0.8 : 0.4)) late.push(turn);
				else if (fate < 0.5)
					await retryTurn(database, turn, { delaySeconds: 0, error: 'x', countsAsAttempt: false }).catch(refused(seen));
				else if (fate < 0.6) await renewLease(database, turn).then(() => settle(turn), refused(seen));
				else await settle(turn);
			}
			for (const turn of late.splice(0, random() < 0.3 ? late.length : 0)) await settle(turn);
		}
	};
	await Promise.all(Array.from({ length: workers }, (_, worker) => work(worker)));
	for (const turn of late) await settle(turn);
	return seen;
}

const refused = (seen: Seen) => (error: unknown) => {
	if (!isFactoryError(error) || error.code !== 'LEASE_LOST') throw error;
	seen.staleRefused++;
};

/** The same numbers in the same order, each run. */
export function seededRandom(seed: number): () => number {
	let state = seed;
	return () => {
		state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
		return state / 4_294_967_296;
	};
}
