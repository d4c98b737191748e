import type { Database } from '../../database';
import { FactoryError, isFactoryError } from '../../errors';
import { inTenant, type TenantConnection } from '../../tenancy';
import type { OAuthApp } from './app';
import { RENEW_AHEAD_MS, RENEW_LEASE_SECONDS, RENEW_POLL_MS, RENEW_POLLS } from './defaults';
import type { OAuthProvider } from './providers';
import { askForTokens, type OAuthTokens, type TokenPorts } from './tokens';

/** Where a connection keeps its tokens. */
export interface TokenStore {
	/** Names the connection: of two who renew it at once one asks the service. */
	subject: string;
	/** The open tokens as they are stored now. */
	read(): Promise<{ accessToken: string; refreshToken: string | null; expiresAt: Date | null }>;
	save(db: TenantConnection, tokens: OAuthTokens): Promise<void>;
	/** The service takes the refresh token no more: the connection is marked, people are told. */
	lost(why: string): Promise<void>;
}

export interface RenewPorts extends TokenPorts {
	sleep(milliseconds: number): Promise<void>;
}

const TAKE = `select take_connect_lease($1::uuid, $2::text, $3::integer) as token`;
const END = `select end_connect_lease($1::uuid, $2::text, $3::uuid)`;

/** An access token that still works. `refused`: one that the service has just said no to. */
export async function freshAccessToken(
	database: Database,
	tenantId: string,
	provider: OAuthProvider,
	app: () => Promise<OAuthApp>,
	store: TokenStore,
	ports: RenewPorts,
	refused?: string,
): Promise<string> {
	for (let poll = 0; poll < RENEW_POLLS; poll++) {
		const stored = await store.read();
		const ends = stored.expiresAt?.getTime() ?? Infinity;
		if (stored.accessToken !== refused && ends - RENEW_AHEAD_MS > ports.now()) return stored.accessToken;
		if (!stored.refreshToken) {
			const why = `${provider.title} gave no refresh token, and the access token has ended. Connect the account again.`;
			await store.lost(why);
			throw new FactoryError('SERVICE_UNAUTHORIZED', why, { item: provider.name });
		}
		const lease = await inTenant(
			database,
			tenantId,
			async (db) =>
				(await db.one<{ token: string | null }>(TAKE, [tenantId, store.subject, RENEW_LEASE_SECONDS]))!.token,
		);
		if (lease) return await renew(database, tenantId, provider, await app(), store, ports, { lease, refused });
		await ports.sleep(RENEW_POLL_MS);
	}
	throw new FactoryError('SERVICE_BUSY', `The token of ${provider.title} is being renewed. It is tried again later.`, {
		retryable: true,
		item: provider.name,
	});
}

async function renew(
	database: Database,
	tenantId: string,
	provider: OAuthProvider,
	app: OAuthApp,
	store: TokenStore,
	ports: RenewPorts,
	{ lease, refused }: { lease: string; refused?: string },
): Promise<string> {
	const end = async (save?: (db: TenantConnection) => Promise<void>): Promise<void> =>
		await inTenant(database, tenantId, async (db) => {
			await save?.(db);
			await db.one(END, [tenantId, store.subject, lease]);
		});
	try {
		// Who held the lease before may have renewed it between the look and the lease.
		const stored = await store.read();
		const ends = stored.expiresAt?.getTime() ?? Infinity;
		if (stored.accessToken !== refused && ends - RENEW_AHEAD_MS > ports.now()) {
			await end();
			return stored.accessToken;
		}
		const grant = { grant_type: 'refresh_token', refresh_token: stored.refreshToken ?? '' };
		const tokens = await askForTokens(provider, app, grant, ports);
		await end(async (db) => await store.save(db, tokens));
		return tokens.accessToken;
	} catch (error) {
		await end().catch(() => undefined);
		if (isFactoryError(error) && error.code === 'SERVICE_UNAUTHORIZED') await store.lost(error.message);
		throw error;
	}
}
