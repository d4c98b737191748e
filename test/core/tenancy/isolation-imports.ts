import type { Pool } from 'pg';
import {
	connectMarketing,
	importRows,
	saveAssignmentRules,
	saveCampaignCosts,
	saveFollowUpSettings,
	startCampaign,
} from '../../../core/crm';
import type { Database } from '../../../core/database';
import { createGraphClient } from '../../../core/meta';
import { inTenant } from '../../../core/tenancy';
import { vault } from '../../support/factory';

interface Importing {
	tenantId: string;
	channelAccountId: string;
	userId: string;
	mark: string;
	phone: string;
}

/** A source of leads, a lead of it with an ad and its costs, a rule, a campaign and a follow-up. */
export async function importAndWrite(database: Database, admin: Pool, party: Importing): Promise<void> {
	const { tenantId, channelAccountId, userId, mark, phone } = party;
	const graph = createGraphClient({ fetch, baseUrl: 'http://127.0.0.1:9', version: 'v25.0' });
	await connectMarketing(database, tenantId, { platform: 'google', accountId: mark, secret: mark }, { vault, graph });
	await saveAssignmentRules(database, tenantId, [{ name: mark, userIds: [userId] }]);
	const row = { id: mark, nome: mark, telefone: `+${phone}`, ad_id: `ad-${mark}`, campaign_id: `camp-${mark}` };
	const options = { platform: 'google', consent: 'marketing', greet: false } as const;
	const { leadIds } = await importRows(database, tenantId, [{ line: 1, fields: Object.entries(row) }], options);
	const cost = { campaign_id: `camp-${mark}`, campaign_name: mark, day: '2026-11-01', spend: '10' };
	await saveCampaignCosts(database, tenantId, [Object.entries(cost)], { platform: 'google', currency: 'BRL' });
	await saveFollowUpSettings(database, tenantId, { enabled: true, quietFrom: '00:00', quietTo: '00:00' });
	const [template] = (
		await admin.query<{ id: string }>(
			`update agent_factory.message_templates set meta_name = 'offer', meta_status = 'APPROVED' where tenant_id = $1 and category = 'lead_ad' returning id`,
			[tenantId],
		)
	).rows;
	const hours = { quietFrom: '00:00', quietTo: '00:00' };
	await startCampaign(database, tenantId, { name: mark, templateId: template.id, channelAccountId, ...hours });
	// Greeted by nobody yet.
	await admin.query(`update agent_factory.lead_imports set first_contact = 'due' where tenant_id = $1`, [tenantId]);
	await inTenant(database, tenantId, async (db) => {
		await db.one(
			`insert into conversations (tenant_id, contact_id, channel_account_id, last_customer_message_at, last_outbound_at)
				select tenant_id, contact_id, $2, now() - interval '75 hours', now() - interval '74 hours' from leads where tenant_id = $1 and id = $3`,
			[tenantId, channelAccountId, leadIds[0]],
		);
		await db.one(
			`insert into follow_ups (tenant_id, conversation_id, silent_since, nth, kind, created_at)
				select c.tenant_id, c.id, c.last_customer_message_at, 1, 'text', now() - interval '50 hours' from conversations c join leads l on l.tenant_id = c.tenant_id and l.contact_id = c.contact_id
				where c.tenant_id = $1 and l.id = $2`,
			[tenantId, leadIds[0]],
		);
	});
}
