import type { Pool } from 'pg';
import { compileAgent, createAgent, saveVersion } from '../../../core/agents';
import type { Database } from '../../../core/database';

/** A second agent, a menu that leads to it, a hand-over, a tool call on its way, an open draft, a conversation that a switch stopped. */
export async function runSeveralAgents(database: Database, admin: Pool, tenantId: string, mark: string): Promise<void> {
	const { id } = (await createAgent(database, tenantId, { slug: 'second', name: mark })) as { id: string };
	const spec = { identity: { name: 'Leo' }, business: { name: mark, type: 'loja', description: mark } };
	await saveVersion(database, tenantId, id, compileAgent({ spec, canary: `cnry-${mark}` }), { activate: true });
	const run = async (sql: string): Promise<void> =>
		void (await admin.query(`with own as (select $1::uuid, $2::uuid, $3::text) ${sql}`, [tenantId, id, mark]));
	await run('update agent_factory.agents set accepts_transfers = true, purpose = $3 where tenant_id = $1 and id = $2');
	await run(`, menu as (
			insert into agent_factory.agent_menus (tenant_id, channel_account_id, greeting)
				select tenant_id, id, $3 from agent_factory.channel_accounts where tenant_id = $1 and kind = 'instagram' returning channel_account_id
		)
		insert into agent_factory.agent_routes (tenant_id, channel_account_id, position, option_key, label, agent_id)
			select $1, channel_account_id, 1, '1', $3, $2 from menu`);
	await run(`update agent_factory.conversations set status = 'handoff', handoff_reason = 'automation_stopped', handoff_at = now() + interval '1 hour'
			where id = (select c.id from agent_factory.conversations c where c.tenant_id = $1 and c.status = 'open' and not exists (
				select from agent_factory.message_queue q where q.conversation_id = c.id and q.finished_at is null) order by c.created_at limit 1)`);
	await run(`insert into agent_factory.agent_transfers (tenant_id, conversation_id, turn_id, to_agent_id)
			select $1, id, 1, $2 from agent_factory.conversations where tenant_id = $1 limit 1`);
	await run(`insert into agent_factory.tool_calls (tenant_id, turn_id, conversation_id, plugin, tool, idempotency_key, arguments)
			select $1, 1, id, $3, 'book_slot', $2::text, jsonb_build_object('name', $3) from agent_factory.conversations where tenant_id = $1 limit 1`);
	await run(`insert into agent_factory.reply_drafts (tenant_id, conversation_id, turn_id, messages)
			select $1, id, 1, jsonb_build_array($3) from agent_factory.conversations where tenant_id = $1 limit 1`);
}
