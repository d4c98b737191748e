import type { Pool } from 'pg';
import type { Database } from '../../../core/database';
import { inTenant } from '../../../core/tenancy';

/** A conversation that a member has, who is told of it, a label, and its thread in Chatwoot. */
export async function handOneOver(
	database: Database,
	admin: Pool,
	tenantId: string,
	userId: string,
	mark: string,
): Promise<void> {
	let lost: string | undefined;
	await inTenant(database, tenantId, async (db) => {
		const [{ id: conversation }, other] = await db.all<{ id: string }>(
			`select id from conversations where tenant_id = $1 and status = 'open' order by created_at limit 2`,
			[tenantId],
		);
		await db.one('update handoff_settings set page_url = $2 where tenant_id = $1', [
			tenantId,
			`https://${mark}.example.com/`,
		]);
		await db.one('insert into handoff_recipients (tenant_id, user_id) values ($1, $2)', [tenantId, userId]);
		await db.one('insert into handoff_recipients (tenant_id, user_id, level) values ($1, $2, 1)', [tenantId, userId]);
		await db.one(`select take_over($1, $2, 'asked_for_person')`, [tenantId, conversation]);
		await db.one('select label_handoff($1, $2, $3)', [
			tenantId,
			conversation,
			JSON.stringify({ kind: 'answer', label: 'page', person: userId, key: mark }),
		]);
		await db.one(
			`insert into chatwoot_threads (tenant_id, conversation_id, chatwoot_contact_id, chatwoot_conversation_id, source_id) values ($1, $2, 1, 1, $3)`,
			[tenantId, conversation, mark],
		);
		// Written while a person had it: it waits for whoever answers next.
		await db.one(
			`insert into messages (tenant_id, conversation_id, contact_id, channel_account_id, direction, author, body, status)
				select tenant_id, id, contact_id, channel_account_id, 'inbound', 'contact', $3, 'received' from conversations where tenant_id = $1 and id = $2`,
			[tenantId, conversation, mark],
		);
		if (other) await db.one(`select take_over($1, $2, 'asked_for_person')`, [tenantId, other.id]);
		lost = other?.id;
	});
	// And one whose row was lost, which may be opened again.
	await admin.query('delete from agent_factory.handoffs where tenant_id = $1 and conversation_id = $2', [
		tenantId,
		lost,
	]);
}
