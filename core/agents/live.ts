import type { Database } from '../database';
import { FactoryError } from '../errors';
import { inTenant } from '../tenancy';
import { ALLOW_LIST_ENTRIES } from './defaults';

export interface AgentSwitches {
	/** live: answers; draft: a person sends; test: answers only who is on the list. */
	mode?: 'live' | 'draft' | 'test';
	/** Phone numbers and user ids that are answered in test mode. */
	allowList?: string[];
	/** What becomes of everybody else in test mode. */
	testOthers?: 'handoff' | 'ignore';
	status?: 'active' | 'paused';
}

/** Changes how an agent is live; what is left out stays. Started again, it takes back what its pause had handed to people. */
export async function switchAgent(
	database: Database,
	tenantId: string,
	agentId: string,
	change: AgentSwitches,
	actor?: string,
): Promise<Record<string, unknown>> {
	const allowList = change.allowList?.map((entry) => entry.trim()).filter((entry) => entry !== '');
	if ((allowList?.length ?? 0) > ALLOW_LIST_ENTRIES) {
		throw new FactoryError(
			'VALUE_REFUSED',
			`Field "allowList" has more than ${ALLOW_LIST_ENTRIES} entries. Use the mode live for everybody.`,
			{ item: 'allowList' },
		);
	}
	return await inTenant(
		database,
		tenantId,
		async (db) =>
			(await db.one<{ agent: Record<string, unknown> }>(
				`select set_agent_mode($1::uuid, $2::uuid, $3::jsonb) as agent`,
				[tenantId, agentId, JSON.stringify({ ...change, allowList })],
			))!.agent,
		{ actor },
	);
}

const SET_TRANSFERS = `update agents set accepts_transfers = $3::boolean, purpose = nullif($4::text, '')
	where tenant_id = $1::uuid and id = $2::uuid returning id, slug, name, accepts_transfers, purpose`;

/** Says whether other agents may hand conversations over to this one, and what for. */
export const setTransfers = async (
	database: Database,
	tenantId: string,
	agentId: string,
	{ accepts, purpose }: { accepts: boolean; purpose?: string },
	actor?: string,
): Promise<Record<string, unknown> | undefined> =>
	await inTenant(
		database,
		tenantId,
		async (db) => {
			const row = await db.one(SET_TRANSFERS, [tenantId, agentId, accepts, purpose ?? '']);
			await db.one(`select record_audit($1::uuid, 'agent.transfers_set', 'agent', $2::text, $3::jsonb)`, [
				...[tenantId, agentId],
				JSON.stringify({ accepts }),
			]);
			return row;
		},
		{ actor },
	);

const USAGE = `select month, active_agents, turns, replies, tokens, cost_usd from vw_agent_usage where tenant_id = $1::uuid order by month desc limit $2::integer`;

/** What a tenant is charged by, a month a row, newest first. */
export const agentUsage = async (
	database: Database,
	tenantId: string,
	limit: number,
): Promise<Array<Record<string, unknown>>> =>
	await inTenant(database, tenantId, async (db) => await db.all(USAGE, [tenantId, limit]));
