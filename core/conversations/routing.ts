import type { Database } from '../database';
import { inTenant } from '../tenancy';
import { MAX_TRANSFERS_AN_HOUR } from './defaults';
import type { TurnLease } from './turns';

/** Gives the conversation of a turn to the agent that its menu, its words or its contact name. */
export const routeConversation = async (
	database: Database,
	{ tenantId, turnId, leaseToken }: TurnLease,
	{ agentId, by }: { agentId: string; by: string },
): Promise<void> =>
	await inTenant(
		database,
		tenantId,
		async (db) =>
			void (await db.one(`select route_conversation($1::uuid, $2::bigint, $3::bigint, $4::uuid, $5::text)`, [
				...[tenantId, turnId, leaseToken, agentId, by],
			])),
	);

/** Hands the conversation of a turn to another agent. */
export const transferConversation = async (
	database: Database,
	{ tenantId, turnId, leaseToken }: TurnLease,
	toAgentId: string,
): Promise<'done' | 'limit' | 'not_allowed'> =>
	await inTenant(
		database,
		tenantId,
		async (db) =>
			(await db.one<{ outcome: 'done' | 'limit' | 'not_allowed' }>(
				`select transfer_conversation($1::uuid, $2::bigint, $3::bigint, $4::uuid, $5::integer) as outcome`,
				[tenantId, turnId, leaseToken, toAgentId, MAX_TRANSFERS_AN_HOUR],
			))!.outcome,
	);
