import type { Database } from '../database';
import { inTenant, type TenantConnection } from '../tenancy';

/** service: answers; marketing: what we start; calls: telephone. */
export const PURPOSES = ['service', 'marketing', 'calls'] as const;
export type Purpose = (typeof PURPOSES)[number];

export interface ConsentEvent {
	contactId: string;
	purpose: Purpose;
	granted: boolean;
	/** Where the word was given: form, opt_out_word, user_preferences, operator, import ... */
	source: string;
	/** Ids and codes that prove it, never a customer's words. */
	evidence?: Record<string, unknown>;
	/** When it was said; now when absent. An old word does not undo a newer one. */
	at?: string | null;
	/** Makes a repeated call harmless. */
	key?: string | null;
}

export interface Consent {
	purpose: Purpose;
	granted: boolean;
	source: string;
	happened_at: Date;
}

const RECORD = `select record_consent($1::uuid, $2::uuid, $3::text, $4::boolean, $5::text, $6::jsonb, $7::timestamptz, $8::text) as id`;
const READ = `select purpose, granted, source, happened_at from contact_consents where tenant_id = $1::uuid and contact_id = $2::uuid order by purpose`;

/** Writes a line of the ledger inside the caller's transaction. */
export async function addConsent(db: TenantConnection, event: ConsentEvent): Promise<string> {
	const row = await db.one<{ id: string }>(RECORD, [
		db.tenantId,
		event.contactId,
		event.purpose,
		event.granted,
		event.source,
		JSON.stringify(event.evidence ?? {}),
		event.at ?? null,
		event.key ?? null,
	]);
	return row!.id;
}

export const recordConsent = async (
	database: Database,
	tenantId: string,
	event: ConsentEvent,
	actor?: string,
): Promise<{ consentId: string }> =>
	await inTenant(database, tenantId, async (db) => ({ consentId: await addConsent(db, event) }), { actor });

/** What counts now, a row a purpose that was ever spoken of. */
export const consentsOf = async (database: Database, tenantId: string, contactId: string): Promise<Consent[]> =>
	await inTenant(
		database,
		tenantId,
		async (db) => await db.all<Consent & Record<string, unknown>>(READ, [tenantId, contactId]),
	);
