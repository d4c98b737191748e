import type { Database } from '../../database';
import { FactoryError, isFactoryError } from '../../errors';
import { inTenant, readApiKey, renewApiKey, type ApiKey, type NewApiKey } from '../../tenancy';
import { freshAccessToken, PIPEDRIVE, readOAuthApp, type OAuthTokens, type TokenStore } from '../connect';
import type { CrmPorts } from './types';

/** Both tokens of an account that was connected by link, sealed as one; when the first ends is no secret. */
interface LinkTokens {
	access: string;
	refresh: string | null;
}

const BLOCK = `select block_crm_integration($1::uuid, $2::uuid, $3::text) as done`;

/** Whether a stored key is the tokens of a link rather than one that a person pasted. */
export const isOfLink = ({ metadata }: ApiKey): boolean => metadata.auth === 'oauth';

/** What is stored of the tokens of a link. Without a new refresh token the old one goes on. */
export const linkKey = (
	{ accessToken, refreshToken, expiresAt }: OAuthTokens,
	before: string | null,
): Required<Pick<NewApiKey, 'secret' | 'metadata'>> => ({
	secret: JSON.stringify({ access: accessToken, refresh: refreshToken ?? before } satisfies LinkTokens),
	metadata: { auth: 'oauth', expiresAt: expiresAt?.toISOString() ?? null },
});

/** What says that somebody must connect again, and what passes by itself. */
const LOST = ['SERVICE_UNAUTHORIZED', 'SERVICE_FORBIDDEN', 'SERVICE_REFUSED', 'OAUTH_APP_MISSING', 'OAUTH_APP_REFUSED'];

/** A token that works for an account that was connected by link. Of many who find it ended, one renews it. */
export function bearerOf(
	database: Database,
	tenantId: string,
	integrationId: string,
	ports: CrmPorts,
): (refused?: string) => Promise<string> {
	const { name: service } = PIPEDRIVE;
	let refresh: string | null = null;
	const lost = async (why: string): Promise<void> =>
		void (await inTenant(database, tenantId, async (db) => await db.one(BLOCK, [tenantId, integrationId, why])));
	const store: TokenStore = {
		subject: `crm/${integrationId}`,
		async read() {
			const key = await readApiKey(database, tenantId, service, ports.vault, integrationId);
			if (!key) throw new FactoryError('SERVICE_UNAUTHORIZED', 'The connection has no token any more.');
			const tokens = JSON.parse(key.secret) as LinkTokens;
			refresh = tokens.refresh;
			const { expiresAt } = key.metadata as { expiresAt?: string | null };
			return {
				accessToken: tokens.access,
				refreshToken: tokens.refresh,
				expiresAt: expiresAt ? new Date(expiresAt) : null,
			};
		},
		save: async (db, tokens) =>
			void (await renewApiKey(db, { service, name: integrationId, ...linkKey(tokens, refresh) }, ports.vault)),
		lost: async (why) => await lost(reconnect(why)),
	};
	const app = async () => await readOAuthApp(database, tenantId, PIPEDRIVE, ports.vault);
	return async (refused) => {
		try {
			return await freshAccessToken(database, tenantId, PIPEDRIVE, app, store, ports, refused);
		} catch (error) {
			if (!isFactoryError(error)) throw error;
			const options = { item: integrationId, cause: error };
			if (LOST.includes(error.code)) throw new FactoryError('CRM_TOKEN_REFUSED', reconnect(error.message), options);
			throw new FactoryError('CRM_NOT_SENT', error.message, { ...options, retryable: true });
		}
	};
}

const reconnect = (why: string): string =>
	`${why} Make a link with CRM Connector > Create Connect Link and have the account connected again; the work waits for it.`;
