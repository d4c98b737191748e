import type { Database } from '../../database';
import { FactoryError } from '../../errors';
import type { GraphClient } from '../../meta';
import { inTenant, tokenBinding, type TenantConnection, type Vault } from '../../tenancy';
import { GOOGLE_KEY_MAX_CHARS, LIST_LIMIT } from './defaults';

export type MarketingPlatform = 'facebook' | 'google' | 'linkedin';

/** What a tenant sets for one source of leads; none of it is a secret. */
export interface IntegrationSettings {
	/** Field of the form that means consent to marketing. */
	marketingField?: string | null;
	/** WhatsApp number that greets; the tenant's first one when absent. */
	channelAccountId?: string | null;
	/** Template that greets; the approved one of category lead_ad when absent. */
	templateId?: string | null;
	/** Whether new leads are greeted; yes unless said. */
	greet?: boolean;
}

export interface NewIntegration {
	platform: MarketingPlatform;
	accountId: string;
	/** The page's token (Facebook) or the key of the form's webhook (Google). */
	secret?: string | null;
	refreshToken?: string | null;
	tokenExpiresAt?: string | null;
	settings?: IntegrationSettings;
}

export interface Integration {
	id: string;
	account_id: string;
	access_token: string | null;
	settings: IntegrationSettings;
	[column: string]: unknown;
}

const COLUMNS = `id, platform, account_id, is_active, settings, token_expires_at, last_import_at, total_leads_imported, last_error, access_token is not null as has_secret`;
const SAVE = `insert into marketing_integrations (tenant_id, platform, account_id, access_token, refresh_token, token_expires_at, settings)
	values ($1::uuid, $2::text, $3::text, $4::text, $5::text, $6::timestamptz, coalesce($7::jsonb, '{}'))
	on conflict (tenant_id, platform, account_id) do update set access_token = coalesce(excluded.access_token, marketing_integrations.access_token),
		refresh_token = coalesce(excluded.refresh_token, marketing_integrations.refresh_token), token_expires_at = excluded.token_expires_at,
		settings = coalesce($7::jsonb, marketing_integrations.settings), is_active = true, last_error = null
	returning ${COLUMNS}`;
const LIST = `select ${COLUMNS} from marketing_integrations where tenant_id = $1::uuid order by platform, account_id limit $2::integer`;
const FIND = `select id, account_id, access_token, settings from marketing_integrations
	where tenant_id = $1::uuid and platform = $2::text and ($3::text is null or account_id = $3::text) and is_active order by created_at limit 1`;
const AUDIT = `select record_audit($1::uuid, 'marketing.connected', 'marketing_integration', $2::text, jsonb_build_object('platform', $3::text))`;
const PAGE_TOKEN = `select id, access_token_encrypted from channel_accounts
	where tenant_id = $1::uuid and kind = 'messenger' and external_id = $2::text and access_token_encrypted is not null`;
const ERROR = `update marketing_integrations set last_error = $3::text where tenant_id = $1::uuid and id = $2::uuid`;

const binding = (
	tenantId: string,
	platform: string,
	accountId: string,
	part: 'secret' | 'refresh' = 'secret',
): string => `marketing_integrations/${tenantId}/${platform}/${accountId}/${part}`;

/** Connects a source of leads; a Facebook token is asked of Meta first, so that a wrong one is told now and not with the first lead. */
export async function connectMarketing(
	database: Database,
	tenantId: string,
	integration: NewIntegration,
	/** `graph` is asked about Facebook's token; other sources need none. */
	ports: { vault: Vault; graph: GraphClient | null },
	actor?: string,
): Promise<Record<string, unknown>> {
	const { platform, accountId, secret } = integration;
	let expiresAt = integration.tokenExpiresAt ?? null;
	if (platform === 'facebook' && secret && ports.graph)
		expiresAt = (await checkPageToken(ports.graph, secret)) ?? expiresAt;
	if (platform === 'google' && secret && secret.length > GOOGLE_KEY_MAX_CHARS) {
		throw new FactoryError(
			'VALUE_REFUSED',
			`Google takes keys of up to ${GOOGLE_KEY_MAX_CHARS} characters. Make a shorter one.`,
			{
				item: 'secret',
			},
		);
	}
	const seal = (text: string | null | undefined, part: 'secret' | 'refresh'): string | null =>
		text ? ports.vault.encrypt(text, binding(tenantId, platform, accountId, part)) : null;
	return await inTenant(
		database,
		tenantId,
		async (db) => {
			const row = await db.one<Record<string, unknown> & { id: string }>(SAVE, [
				...[
					tenantId,
					platform,
					accountId,
					seal(secret, 'secret'),
					seal(integration.refreshToken, 'refresh'),
					expiresAt,
				],
				integration.settings ? JSON.stringify(integration.settings) : null,
			]);
			await db.one(AUDIT, [tenantId, row!.id, platform]);
			return row!;
		},
		{ actor },
	);
}

/** When the token ends; refused when Meta does not take it or it may not read leads. */
async function checkPageToken(graph: GraphClient, token: string): Promise<string | null> {
	const result = await graph.debugToken({ token, inputToken: token });
	if (!result.ok) {
		throw new FactoryError(
			'INTEGRATION_TOKEN_REFUSED',
			`Meta does not take this token (${result.class.name}). ${result.class.advice}`,
			{
				retryable: result.class.retryable,
			},
		);
	}
	const data = (result.data.data ?? {}) as { is_valid?: boolean; scopes?: string[]; expires_at?: number };
	if (!data.is_valid || (data.scopes && !data.scopes.includes('leads_retrieval'))) {
		throw new FactoryError(
			'INTEGRATION_TOKEN_REFUSED',
			data.is_valid
				? 'This token may not read leads: make one with the permission leads_retrieval.'
				: 'This token is over or was taken back. Make a new one in the Business Settings of Meta.',
		);
	}
	return data.expires_at ? new Date(data.expires_at * 1000).toISOString() : null;
}

export const listIntegrations = async (database: Database, tenantId: string): Promise<Array<Record<string, unknown>>> =>
	await inTenant(database, tenantId, async (db) => await db.all(LIST, [tenantId, LIST_LIMIT]));

export const findIntegration = async (
	db: TenantConnection,
	platform: string,
	accountId: string | null = null,
): Promise<Integration | undefined> => await db.one<Integration>(FIND, [db.tenantId, platform, accountId]);

/** The secret of an integration, or null. */
export const secretOf = (tenantId: string, platform: string, found: Integration, vault: Vault): string | null =>
	found.access_token ? vault.decrypt(found.access_token, binding(tenantId, platform, found.account_id)) : null;

/** The token that reads a page's leads: of the page as a channel, else of the integration; null when there is none. */
export async function pageToken(
	database: Database,
	tenantId: string,
	pageId: string,
	vault: Vault,
): Promise<{ token: string | null; integration: Integration | undefined }> {
	const { channel, integration } = await inTenant(database, tenantId, async (db) => ({
		channel: await db.one<{ id: string; access_token_encrypted: string }>(PAGE_TOKEN, [tenantId, pageId]),
		integration: await findIntegration(db, 'facebook', pageId),
	}));
	// A token that was given for leads is the one that may read them.
	const own = integration ? secretOf(tenantId, 'facebook', integration, vault) : null;
	const shared = channel ? vault.decrypt(channel.access_token_encrypted, tokenBinding(tenantId, channel.id)) : null;
	return { token: own ?? shared, integration };
}

/** What went wrong last, for Get Integrations; a code, no text of anybody. */
export const noteIntegrationError = async (
	database: Database,
	tenantId: string,
	integrationId: string,
	code: string,
): Promise<void> =>
	await inTenant(database, tenantId, async (db) => void (await db.one(ERROR, [tenantId, integrationId, code])));
