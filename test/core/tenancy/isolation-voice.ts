import type { Database } from '../../../core/database';
import { exportContact } from '../../../core/privacy';
import { inTenant } from '../../../core/tenancy';

/** A file that was read, one that waits to be read, a call, somebody to call back, the settings of both, and an export. */
export async function hearAndCall(database: Database, tenantId: string, mark: string): Promise<void> {
	const contact = await inTenant(database, tenantId, async (db) => {
		await db.one('insert into media_settings (tenant_id) values ($1)', [tenantId]);
		await db.one('insert into voice_settings (tenant_id) values ($1)', [tenantId]);
		const [first, second] = await db.all<{ id: string; contact_id: string }>(
			`select id, contact_id from messages where direction = 'inbound' and body <> '' order by id limit 2`,
		);
		await db.one(
			`select save_media_reading($1, $2, null, null, jsonb_build_object('kind', 'audio', 'status', 'read', 'text', $3::text), $3)`,
			[tenantId, first.id, mark],
		);
		// Of a turn that is leased: somebody is about to read it.
		await db.all(
			`update messages m set kind = 'audio', payload = jsonb_build_object('media', jsonb_build_object('id', $1::text)) from message_queue q
				where q.message_id = m.id and q.status = 'locked' and q.finished_at is null`,
			[mark],
		);
		await db.one(`select create_call_task($1, $2, 'hot', null, null, $3, null, $3)`, [
			tenantId,
			second.contact_id,
			mark,
		]);
		await db.one(
			`select record_call($1, jsonb_build_object('provider', 'twilio', 'providerCallId', $2::text, 'direction', 'outbound', 'status', 'ringing', 'contactId', $3::uuid))`,
			[tenantId, mark, second.contact_id],
		);
		return second.contact_id;
	});
	await exportContact(database, tenantId, contact, mark);
}
