import { reportClaim, toDatabaseError, wakeWorkers, whileAway, type Database } from '../database';
import { inTenant } from '../tenancy';
import type { Routing, TurnContext, TurnDecision } from '../agents';
import type { LlmUsage } from '../llm';
import { textMessage } from '../meta';
import { FactoryError } from '../errors';
import { HISTORY_LIMIT, LEASE_SECONDS, MAX_CLAIM, MAX_TURN_ATTEMPTS, MAX_TURN_MESSAGES } from './defaults';

/** A leased turn: travels in the n8n item from claim to settle. `leaseToken` fences a worker that lost its lease. */
export interface ClaimedTurn {
	tenantId: string;
	conversationId: string;
	turnId: number;
	leaseToken: number;
	attempts: number;
	messageIds: number[];
	channelAccountId: string;
	contactId: string;
	agentId: string | null;
	receivedAt: string;
	leaseUntil: string;
}

export type TurnLease = Pick<ClaimedTurn, 'tenantId' | 'turnId' | 'leaseToken'>;

/** `stopped`: a switch of the tenant or of everybody; `not_listed...`: the agent is in test mode and the contact not on its list. */
export type Automation = 'on' | 'stopped' | 'not_listed' | 'not_listed_ignored';

/** What answers now: ids of the frozen parts, read together with the conversation, so that it cannot be stale. */
export interface LoadedTurn {
	context: TurnContext;
	agent: { id: string | null; status: string | null };
	agentVersionId: string | null;
	bundleSha256: string | null;
	systemPromptId: string | null;
	personaId: string | null;
	/** Whether the agent may answer this contact now. */
	automation: Automation;
	/** Menu and routes while the agent of the conversation is still to be chosen. */
	routing: Routing | null;
}

interface ClaimRow {
	tenant_id: string;
	conversation_id: string;
	turn_id: number;
	lease_token: number;
	attempts: number;
	message_ids: string[];
	channel_account_id: string;
	contact_id: string;
	agent_id: string | null;
	received_at: Date;
	lease_until: Date;
}

/** Where the ring over tenants stands, a database and process. */
const cursors = new WeakMap<Database, string>();

export async function claimTurns(
	database: Database,
	options: { workerId: string; limit?: number; leaseSeconds?: number; maxMessages?: number },
): Promise<ClaimedTurn[]> {
	try {
		const { rows } = await database.pool.query<ClaimRow>({
			text: `select * from ${database.qualified}claim_turns($1::text, $2::integer, $3::integer, $4::integer, $5::integer, $6::uuid)`,
			values: [
				options.workerId,
				Math.min(options.limit ?? 1, MAX_CLAIM),
				options.leaseSeconds ?? LEASE_SECONDS,
				MAX_TURN_ATTEMPTS,
				Math.min(options.maxMessages ?? MAX_TURN_MESSAGES, MAX_TURN_MESSAGES),
				cursors.get(database) ?? null,
			],
		});
		reportClaim(database, 'turns');
		if (rows.length > 0) cursors.set(database, rows[rows.length - 1].tenant_id);
		return rows.map((row) => ({
			tenantId: row.tenant_id,
			conversationId: row.conversation_id,
			turnId: row.turn_id,
			leaseToken: row.lease_token,
			attempts: row.attempts,
			messageIds: row.message_ids.map(Number),
			channelAccountId: row.channel_account_id,
			contactId: row.contact_id,
			agentId: row.agent_id,
			receivedAt: row.received_at.toISOString(),
			leaseUntil: row.lease_until.toISOString(),
		}));
	} catch (error) {
		throw toDatabaseError(error);
	}
}

/** Null when the turn is no longer leased. */
export const loadTurn = async (database: Database, lease: TurnLease): Promise<LoadedTurn | null> =>
	await whileAway(
		async () =>
			await inTenant(database, lease.tenantId, async (db) => {
				const row = await db.one<{ loaded: (TurnContext & Omit<LoadedTurn, 'context'>) | null }>(
					`select load_turn_context($1::uuid, $2::bigint, $3::integer) as loaded`,
					[lease.tenantId, lease.turnId, HISTORY_LIMIT],
				);
				if (!row?.loaded) return null;
				const { agent, agentVersionId, bundleSha256, systemPromptId, personaId, automation, routing, ...context } =
					row.loaded;
				return { context, agent, agentVersionId, bundleSha256, systemPromptId, personaId, automation, routing };
			}),
	);

export const renewLease = async (database: Database, lease: TurnLease, leaseSeconds = LEASE_SECONDS): Promise<void> =>
	await inTenant(database, lease.tenantId, async (db) => {
		await db.one(`select renew_lease($1::uuid, $2::bigint, $3::bigint, $4::integer)`, [
			lease.tenantId,
			lease.turnId,
			lease.leaseToken,
			leaseSeconds,
		]);
	});

/** Puts the turn back; the whole conversation waits, so order holds. */
export async function retryTurn(
	database: Database,
	lease: TurnLease,
	options: { delaySeconds: number; error: string; countsAsAttempt?: boolean; usage?: LlmUsage[] },
): Promise<{ retryAt: string }> {
	const retryAt = await inTenant(database, lease.tenantId, async (db) => {
		const row = await db.one<{ at: Date }>(
			`select retry_turn($1::uuid, $2::bigint, $3::bigint, $4::double precision, $5::text, $6::boolean, $7::jsonb) as at`,
			[
				lease.tenantId,
				lease.turnId,
				lease.leaseToken,
				options.delaySeconds,
				options.error,
				options.countsAsAttempt ?? true,
				JSON.stringify(options.usage ?? []),
			],
		);
		return row?.at.toISOString() ?? '';
	});
	return { retryAt };
}

/** A decision with the ids of what made it: what is written when the turn is settled. */
export interface SettledDecision extends TurnDecision {
	agentVersionId: string | null;
	systemPromptId: string | null;
	personaId: string | null;
	summary?: string | null;
}

/** The decision of whoever has nothing to say: the turn ends without a reply. */
export const SILENCE: Readonly<SettledDecision> = {
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

export interface SettledTurn {
	turnId: number;
	outboxIds: string[];
	/** Messages of the conversation that wait already, counted up to 20. */
	waiting: number;
}

/** After a try whose answer was lost: what the ledger holds of the turn, null when nobody settled it. */
async function settledTurn(database: Database, { tenantId, turnId }: TurnLease): Promise<SettledTurn | null> {
	return await inTenant(database, tenantId, async (db) => {
		const row = await db.one<{ outbox_ids: string[] }>(
			`select array(select o.id from outbox_messages o where o.tenant_id = t.tenant_id and o.turn_id = t.id order by o.position) as outbox_ids
				from turns t where t.tenant_id = $1::uuid and t.id = $2::bigint`,
			[tenantId, turnId],
		);
		// Some may wait: waking once too often is harmless.
		return row ? { turnId, outboxIds: row.outbox_ids, waiting: 1 } : null;
	});
}

/** Settles the turn: ledger, outbox rows, counters, audit and lease in one transaction. LEASE_LOST means nothing was written. */
export async function completeTurn(
	database: Database,
	lease: TurnLease,
	decision: SettledDecision,
	options: { wakeSender?: boolean } = {},
): Promise<SettledTurn> {
	// The model has been paid and the customer waits: a short absence of the database must not cost the whole lease.
	return await whileAway(async (attempt) => {
		const [settled] = await completeTurns(database, [{ lease, decision }], options);
		if (settled) return settled;
		const earlier = attempt > 0 ? await settledTurn(database, lease) : null;
		if (!earlier) throw leaseLost(lease);
		wakeWorkers(database);
		return earlier;
	});
}

export const leaseLost = ({ turnId }: Pick<TurnLease, 'turnId'>): FactoryError =>
	new FactoryError(
		'LEASE_LOST',
		`Turn ${turnId} is no longer leased to this worker. Another worker has this work now; nothing was written here.`,
	);

/** Settles many turns, those of a tenant in one transaction. Null in place of a turn whose lease was lost: nothing was written for it. */
export async function completeTurns(
	database: Database,
	turns: ReadonlyArray<{ lease: TurnLease; decision: SettledDecision }>,
	{ wakeSender = true }: { wakeSender?: boolean } = {},
): Promise<Array<SettledTurn | null>> {
	const settled = new Map<string, SettledTurn>();
	for (const tenantId of new Set(turns.map(({ lease }) => lease.tenantId))) {
		const own = turns.filter(({ lease }) => lease.tenantId === tenantId);
		const rows = await inTenant(
			database,
			tenantId,
			async (db) =>
				await db.all<{ turn_id: number; outbox_ids: string[]; waiting: number }>(
					`select turn_id, outbox_ids, waiting from complete_turns($1::uuid, $2::jsonb)`,
					[tenantId, JSON.stringify(own.map(({ lease, decision }) => written(lease, decision)))],
				),
		);
		for (const row of rows) {
			settled.set(`${tenantId} ${row.turn_id}`, {
				turnId: row.turn_id,
				outboxIds: row.outbox_ids,
				waiting: row.waiting,
			});
		}
	}
	const results = turns.map(({ lease }) => settled.get(`${lease.tenantId} ${lease.turnId}`) ?? null);
	if (wakeSender && results.some((turn) => turn && turn.outboxIds.length > 0)) wakeWorkers(database, 'outbox');
	if (results.some((turn) => turn && turn.waiting > 0)) wakeWorkers(database, 'turns');
	return results;
}

const written = ({ turnId, leaseToken }: TurnLease, decision: SettledDecision) => ({
	turnId,
	leaseToken,
	decision: { ...decision, messages: decision.messages.map((text) => ({ text, payload: textMessage(text) })) },
});
