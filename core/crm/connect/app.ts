import type { Database } from '../../database';
import { FactoryError } from '../../errors';
import { readApiKey, saveApiKey, type Vault } from '../../tenancy';
import type { OAuthProvider } from './providers';

/** What the service knows us as: an OAuth client that the agency, or the tenant itself, registered there. */
export interface OAuthApp {
	clientId: string;
	clientSecret: string;
	/** Another host that speaks for the service: a stand-in or a regional address. */
	baseUrl: string | null;
	allowLocal: boolean;
}

const serviceOf = (provider: OAuthProvider): string => `${provider.name}_oauth`;

/** Keeps the app sealed with the tenant, so that a renewal needs nothing but the vault key. */
export async function saveOAuthApp(
	database: Database,
	tenantId: string,
	provider: OAuthProvider,
	app: { clientId: string; clientSecret: string; baseUrl?: string | null; allowLocal?: boolean },
	vault: Vault,
	actor?: string,
): Promise<Record<string, unknown>> {
	if (app.clientId.trim() === '' || app.clientSecret.trim() === '')
		throw new FactoryError(
			'VALUE_REFUSED',
			`An app of ${provider.title} is its client id and its client secret. Copy both from its console.`,
			{ item: 'clientId' },
		);
	const key = {
		service: serviceOf(provider),
		secret: app.clientSecret.trim(),
		baseUrl: app.baseUrl || null,
		metadata: { clientId: app.clientId.trim(), allowLocal: app.allowLocal ?? false },
	};
	return await saveApiKey(database, tenantId, key, vault, actor);
}

export async function readOAuthApp(
	database: Database,
	tenantId: string,
	provider: OAuthProvider,
	vault: Vault,
): Promise<OAuthApp> {
	const key = await readApiKey(database, tenantId, serviceOf(provider), vault);
	if (!key)
		throw new FactoryError(
			'OAUTH_APP_MISSING',
			`The tenant has no app of ${provider.title}. Store its client id and secret with Save OAuth App first.`,
			{ item: provider.name },
		);
	return {
		clientId: key.metadata.clientId as string,
		clientSecret: key.secret,
		baseUrl: key.baseUrl,
		allowLocal: key.metadata.allowLocal === true,
	};
}

/** An address of the service, at the host that the app names. */
export function addressAt(url: string, baseUrl: string | null): URL {
	const address = new URL(url);
	return baseUrl ? new URL(`${baseUrl.replace(/\/+$/, '')}${address.pathname}${address.search}`) : address;
}
