import { randomBytes } from 'node:crypto';
import type { Pool } from 'pg';
import type { Database } from '../../../core/database';
import { ingest } from '../../../core/ingest';
import { signBody } from '../../../core/meta';
import { createChannelAccount } from '../../../core/tenancy';
import { freshPhone } from '../../core/crm/import-story';
import { textBody, vault, type TestTenant } from '../../support/factory';

const SECRET = 's';

async function deliver(database: Database, body: string): Promise<void> {
	const rawBody = Buffer.from(body);
	const { error } = await ingest(database, { rawBody, signature: signBody(rawBody, SECRET), secrets: [SECRET] });
	if (error) throw error;
}

/** A person writes; answers the conversation. */
export async function writesFirst(database: Database, admin: Pool, tenant: TestTenant): Promise<string> {
	await deliver(database, JSON.stringify(textBody(tenant.phoneNumberId, [{ from: freshPhone(), text: 'oi' }])));
	const { rows } = await admin.query<{ id: string }>(
		'select id from agent_factory.conversations where tenant_id = $1',
		[tenant.id],
	);
	return rows[0].id;
}

/** Somebody fills in a form on Facebook: the lead at Graph, and its webhook here. */
export async function leadOfForm(database: Database, graphUrl: string, tenant: TestTenant): Promise<void> {
	const pageId = String(randomBytes(6).readUIntBE(0, 6));
	const leadgenId = `9${String(randomBytes(6).readUIntBE(0, 6)).padStart(17, '1')}`;
	const page = { kind: 'messenger' as const, externalId: pageId, accessToken: 'PAGE' };
	await createChannelAccount(database, tenant.id, page, vault);
	const lead = {
		...{ id: leadgenId, ad_id: '71', campaign_id: '91', form_id: '51' },
		field_data: [
			{ name: 'full_name', values: ['Ana Souza'] },
			{ name: 'phone_number', values: [`+${freshPhone()}`] },
		],
	};
	await fetch(`${graphUrl}/_sandbox/leads`, { method: 'POST', body: JSON.stringify(lead) });
	await deliver(
		database,
		`{"object":"page","entry":[{"id":"${pageId}","time":1,"changes":[{"field":"leadgen","value":{"leadgen_id":${leadgenId},"page_id":"${pageId}","created_time":1760000000}}]}]}`,
	);
}
