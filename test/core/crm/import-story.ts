import { randomBytes } from 'node:crypto';
import type { Pool } from 'pg';
import type { Database } from '../../../core/database';
import { inTenant, saveMember } from '../../../core/tenancy';
import type { TestTenant } from '../../support/factory';

/** A phone that no other test has, as WhatsApp writes it. */
export const freshPhone = (): string => `55119${String(90_000_000 + (randomBytes(3).readUIntBE(0, 3) % 9_999_999))}`;

/** What `import_lead` files: a form on Facebook unless changed. */
export const formLead = (changes: Record<string, unknown> = {}): Record<string, unknown> => ({
	platform: 'facebook',
	key: `lead-${randomBytes(6).toString('hex')}`,
	fullName: 'Ana',
	email: null,
	phone: freshPhone(),
	source: 'ad',
	classification: 'LEAD_WARM',
	referral: { platform: 'facebook', ad_id: 'ad-1', campaign_id: 'camp-1' },
	consents: [{ purpose: 'service', granted: true, evidence: { form: 'f1' } }],
	greet: true,
	...changes,
});

/** One call of a database function as the tenant. */
export const callAs = async <T = any>(
	database: Database,
	tenantId: string,
	sql: string,
	values: unknown[] = [],
): Promise<T> =>
	await inTenant(database, tenantId, async (db) => (await db.one<{ r: T }>(`select ${sql} as r`, values))!.r);

export const importOne = async (database: Database, tenantId: string, lead = formLead()) =>
	await callAs<{ created: boolean; leadId: string; contactId: string; firstContact: string }>(
		database,
		tenantId,
		'import_lead($1, $2)',
		[tenantId, JSON.stringify(lead)],
	);

export const approveTemplate = async (admin: Pool, tenantId: string, category = 'lead_ad'): Promise<string> => {
	const { rows } = await admin.query<{ id: string }>(
		`update agent_factory.message_templates set meta_name = $2, meta_status = 'APPROVED', meta_category = 'MARKETING'
			where tenant_id = $1 and category = $2 returning id`,
		[tenantId, category],
	);
	return rows[0].id;
};

export const member = async (database: Database, tenant: TestTenant, name: string): Promise<string> =>
	(
		await saveMember(database, tenant.id, {
			email: `${name}@${tenant.slug}.example.com`,
			fullName: name,
			role: 'operator',
		})
	).user_id;
