import type { Pool } from 'pg';
import {
	claimTurns,
	completeTurn,
	loadTurn,
	type ClaimedTurn,
	type SettledDecision,
} from '../../../core/conversations';
import type { Database } from '../../../core/database';
import { ingest, type IngestResult } from '../../../core/ingest';
import { createGraphClient, signBody } from '../../../core/meta';
import { deliverDue } from '../../../core/outbox';
import { listen, textBody, vault, wamid, type TestTenant } from '../../support/factory';

export async function post(database: Database, body: Record<string, unknown>): Promise<IngestResult> {
	const rawBody = Buffer.from(JSON.stringify(body));
	return await ingest(database, { rawBody, signature: signBody(rawBody, 'secret'), secrets: ['secret'] });
}

export const write = async (
	database: Database,
	tenant: TestTenant,
	from: string,
	id = wamid(),
): Promise<Record<string, unknown>> => {
	const body = textBody(tenant.phoneNumberId, [{ from, text: `mensagem de ${from}`, id }]);
	const { error } = await post(database, body);
	if (error) throw error;
	return body;
};

export const claim = async (database: Database, tenant: TestTenant): Promise<ClaimedTurn[]> =>
	(await claimTurns(database, { workerId: 'w', limit: 50 })).filter(({ tenantId }) => tenantId === tenant.id);

export async function answer(database: Database, turn: ClaimedTurn): Promise<void> {
	const loaded = await loadTurn(database, turn);
	const decision: SettledDecision = {
		action: 'reply',
		messages: ['um', 'dois'],
		handoffReason: null,
		deferUntil: null,
		optOut: false,
		checks: [],
		usage: [],
		agentVersionId: loaded!.agentVersionId,
		systemPromptId: loaded!.systemPromptId,
		personaId: loaded!.personaId,
		summary: 'o cliente disse oi',
	};
	await completeTurn(database, turn, decision);
}

/** Sends all that is due through a Graph API that accepts everything. */
export async function deliver(database: Database): Promise<void> {
	const server = await listen(() => ({ status: 200, body: { messages: [{ id: wamid() }] } }));
	try {
		const graph = createGraphClient({ fetch, baseUrl: server.url, version: 'v25.0' });
		while ((await deliverDue(database, { graph, vault, random: () => 0.5 }, { workerId: 'w', limit: 25 })).length > 0);
	} finally {
		await server.close();
	}
}

const TIMES: Record<string, string[]> = {
	webhook_events: ['received_at', 'processed_at'],
	message_queue: ['created_at', 'finished_at', 'dead_at'],
	messages: ['created_at'],
	conversations: ['last_message_at'],
	turns: ['finished_at'],
	outbox_messages: ['created_at', 'updated_at', 'unknown_since'],
	outbox_lanes: ['pair_tokens_at'],
	llm_usage: ['created_at'],
	audit_events: ['created_at'],
};

/** Moves everything a tenant has into the past; triggers, which would stamp or refuse it, stay asleep. */
export async function age(admin: Pool, tenantId: string, days: number): Promise<void> {
	const client = await admin.connect();
	try {
		await client.query('begin');
		await client.query('set local session_replication_role = replica');
		for (const [table, columns] of Object.entries(TIMES)) {
			const moved = columns.map((column) => `${column} = ${column} - make_interval(days => $2)`).join(', ');
			await client.query(`update agent_factory.${table} set ${moved} where tenant_id = $1`, [tenantId, days]);
		}
		await client.query('commit');
	} finally {
		client.release();
	}
}

export async function counts(admin: Pool, tenantId: string): Promise<Record<string, number>> {
	const parts = Object.keys(TIMES).map(
		(table) =>
			`select '${table}' as name, count(*)::integer as n from agent_factory.${table} where tenant_id = '${tenantId}'`,
	);
	const { rows } = await admin.query<{ name: string; n: number }>(parts.join(' union all '));
	return Object.fromEntries(rows.map(({ name, n }) => [name, n]));
}
