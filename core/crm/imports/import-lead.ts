import type { Database } from '../../database';
import { wakeWorkers } from '../../database';
import { inTenant } from '../../tenancy';
import { sendTemplate } from '../template-message';
import { importKey, type FormLead, type ImportPlatform } from './form-lead';

export interface LeadToImport {
	platform: ImportPlatform;
	lead: FormLead;
	/** Where it counts. */
	integrationId?: string | null;
	/** ad: somebody filled in a form; import: a list of names. */
	source: 'ad' | 'import';
	/** What the person agreed to when they gave their data. */
	consents: Array<{ purpose: 'service' | 'marketing'; granted: boolean; evidence: Record<string, string> }>;
	greet: boolean;
}

export interface ImportedLead {
	created: boolean;
	leadId: string;
	contactId: string;
	/** What became of the greeting. */
	firstContact: string;
}

const IMPORT = `select import_lead($1::uuid, $2::jsonb) as r`;
const PREPARE = `select prepare_greeting($1::uuid, $2::text, $3::text) as r`;
const NOTE = `select note_greeting($1::uuid, $2::text, $3::text, $4::uuid)`;

/** Files a lead and greets it: each once, whatever is tried again or dies in between. */
export async function importLead(
	database: Database,
	tenantId: string,
	{ platform, lead, integrationId, source, consents, greet }: LeadToImport,
	actor?: string,
): Promise<ImportedLead> {
	const key = importKey(lead);
	const { occurredAt, fullName, email, phone, answers } = lead;
	const filed = await inTenant(
		database,
		tenantId,
		async (db) =>
			(await db.one<{ r: ImportedLead }>(IMPORT, [
				tenantId,
				JSON.stringify({
					...{
						platform,
						key,
						integrationId: integrationId ?? null,
						occurredAt,
						fullName,
						email,
						phone,
						answers,
						source,
					},
					// Who fills in a form wants to be asked; of a name on a list nobody knows.
					...{ classification: source === 'ad' ? 'LEAD_WARM' : 'LEAD_COLD', consents, greet },
					referral: referralOf(platform, lead),
				}),
			]))!.r,
		{ actor },
	);
	return ['due', 'no_number', 'no_template'].includes(filed.firstContact)
		? { ...filed, firstContact: await greetImport(database, tenantId, platform, key) }
		: filed;
}

function referralOf(platform: string, { referral, externalId }: FormLead): Record<string, string> | null {
	if (Object.keys(referral).length === 0) return null;
	return { platform, ...referral, ...(externalId ? { lead_id: externalId } : {}) };
}

/** Sends the first template to an imported lead, or says what it waits for. The outbox takes the key once. */
export async function greetImport(
	database: Database,
	tenantId: string,
	platform: string,
	key: string,
): Promise<string> {
	const prepared = await inTenant(
		database,
		tenantId,
		async (db) =>
			(await db.one<{ r: Record<string, string> & { leadName: string | null } }>(PREPARE, [tenantId, platform, key]))!
				.r,
	);
	if (prepared.firstContact !== 'due') return prepared.firstContact;
	const outboxId = await sendTemplate(database, tenantId, {
		conversationId: prepared.conversationId,
		key: `lead_ad:${platform}:${key}`,
		templateId: prepared.templateId,
		facts: { leadName: prepared.leadName, company: prepared.company },
	});
	await inTenant(database, tenantId, async (db) => void (await db.one(NOTE, [tenantId, platform, key, outboxId])));
	wakeWorkers(database, 'outbox');
	return 'queued';
}
