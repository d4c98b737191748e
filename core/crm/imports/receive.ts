import type { Database } from '../../database';
import { FactoryError } from '../../errors';
import type { GraphClient, GraphFailed } from '../../meta';
import { inTenant, type Vault } from '../../tenancy';
import { readFormLead, type FormLead } from './form-lead';
import { googleFields, isLeadKey, readGoogleBody } from './google';
import { importLead, type ImportedLead } from './import-lead';
import { findIntegration, noteIntegrationError, pageToken, secretOf, type Integration } from './integrations';
import { linkedInFields, linkedInKey } from './linkedin';
import { metaFields } from './meta-lead';

export interface LeadgenJob {
	leadgenId: string;
	pageId: string;
	occurredAt?: string | null;
}

/** Fetches a lead of a Facebook form by its id and imports it. */
export async function importMetaLead(
	database: Database,
	tenantId: string,
	job: LeadgenJob,
	ports: { vault: Vault; graph: GraphClient },
): Promise<ImportedLead> {
	const { token, integration } = await pageToken(database, tenantId, job.pageId, ports.vault);
	if (token === null) {
		throw new FactoryError(
			'INTEGRATION_TOKEN_MISSING',
			`Nobody gave a token that reads the leads of page ${job.pageId}. Connect it with Lead Import > Connect.`,
			{ item: job.pageId, retryable: true },
		);
	}
	const result = await ports.graph.getLead({ token, leadgenId: job.leadgenId });
	if (!result.ok) {
		if (integration) await noteIntegrationError(database, tenantId, integration.id, result.class.name);
		throw failureOf(result, job);
	}
	const lead = readFormLead(metaFields(result.data), { marketingField: integration?.settings.marketingField });
	if (typeof lead === 'string') {
		throw new FactoryError(
			'IMPORT_UNREADABLE',
			`Lead ${job.leadgenId} cannot be filed: ${lead}. Its form should ask for a phone number.`,
			{
				item: job.leadgenId,
			},
		);
	}
	const known = { ...lead, externalId: job.leadgenId, occurredAt: lead.occurredAt ?? job.occurredAt ?? null };
	return await importForm(database, tenantId, 'facebook', known, integration);
}

/** Waits for what passes or is mended: a limit, a server, a token. A lead that is gone or never was is final. */
function failureOf({ class: fault }: GraphFailed, job: LeadgenJob): FactoryError {
	const mended = ['pause_number', 'pause_account', 'pause_tenant', 'unknown'].includes(fault.action);
	return new FactoryError(
		'LEAD_NOT_FETCHED',
		`Meta did not give lead ${job.leadgenId} (${fault.name}). ${fault.advice}`,
		{
			item: job.leadgenId,
			retryable: fault.retryable || mended,
			retryAfterMs: fault.retryAfterMs,
		},
	);
}

/** A lead that Google's webhook brings, once its key was checked. A test of Google's is answered and not filed. */
export async function importGoogleLead(
	database: Database,
	tenantId: string,
	given: unknown,
	vault: Vault,
): Promise<ImportedLead | { test: true }> {
	const body = readGoogleBody(given);
	const integration = await integrationOfKey(database, tenantId, 'google', body.google_key, vault);
	if (body.is_test) return { test: true };
	const lead = readFormLead(googleFields(body), { marketingField: integration.settings.marketingField });
	if (typeof lead === 'string') {
		throw new FactoryError(
			'IMPORT_UNREADABLE',
			`The lead cannot be filed: ${lead}. The form should ask for a phone number.`,
			{
				item: body.lead_id,
			},
		);
	}
	return await importForm(database, tenantId, 'google', { ...lead, externalId: body.lead_id }, integration);
}

/** A lead of LinkedIn that a relay posts with the key of Connect: flat fields by their names. */
export async function importLinkedInLead(
	database: Database,
	tenantId: string,
	given: unknown,
	vault: Vault,
): Promise<ImportedLead> {
	const integration = await integrationOfKey(database, tenantId, 'linkedin', linkedInKey(given), vault);
	const lead = readFormLead(linkedInFields(given), { marketingField: integration.settings.marketingField });
	if (typeof lead === 'string')
		throw new FactoryError(
			'IMPORT_UNREADABLE',
			`The lead cannot be filed: ${lead}. The form should ask for a phone number.`,
		);
	return await importForm(database, tenantId, 'linkedin', lead, integration);
}

/** The same refusal whether a key was set or not. */
async function integrationOfKey(
	database: Database,
	tenantId: string,
	platform: 'google' | 'linkedin',
	key: string,
	vault: Vault,
): Promise<Integration> {
	const integration = await inTenant(database, tenantId, async (db) => await findIntegration(db, platform));
	const expected = integration ? secretOf(tenantId, platform, integration, vault) : null;
	if (isLeadKey(key, expected ?? '') && integration) return integration;
	throw new FactoryError(
		'WEBHOOK_REFUSED',
		'The key of this lead is not the one that was connected. Correct it where the lead comes from.',
	);
}

/** Filling in a form asks for an answer; marketing only where a box of its own was ticked. */
async function importForm(
	database: Database,
	tenantId: string,
	platform: 'facebook' | 'google' | 'linkedin',
	lead: FormLead,
	integration: Integration | undefined,
): Promise<ImportedLead> {
	const evidence: Record<string, string> = {
		platform,
		...(lead.referral.form_id ? { formId: lead.referral.form_id } : {}),
	};
	return await importLead(database, tenantId, {
		...{ platform, lead, integrationId: integration?.id, source: 'ad', greet: integration?.settings.greet ?? true },
		consents: [
			{ purpose: 'service', granted: true, evidence },
			...(lead.marketing === null ? [] : [{ purpose: 'marketing' as const, granted: lead.marketing, evidence }]),
		],
	});
}
