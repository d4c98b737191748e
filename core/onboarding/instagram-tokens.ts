import type { Database } from '../database';
import { toDatabaseError } from '../database';
import { FactoryError, isFactoryError } from '../errors';
import type { GraphSetup } from '../meta';
import { inTenant, setAccessToken, tokenBinding, type Vault } from '../tenancy';
import { TOKEN_REFRESH_DAYS, TOKEN_REFRESH_LIMIT } from './defaults';

export interface TokenRefresh {
	tenantId: string;
	channelAccountId: string;
	externalId: string;
	refreshed: boolean;
	/** ISO 8601; the old end when it failed. */
	expiresAt: string;
	reason: string | null;
}

interface EndingToken {
	tenant_id: string;
	id: string;
	external_id: string;
	access_token_encrypted: string;
	token_expires_at: Date;
}

const TROUBLE = `select note_token_trouble($1::uuid, $2::uuid, $3::text)`;

/** Renews the tokens of Instagram accounts that end soon. A failure is told to the tenant and tried again the next day. */
export async function refreshInstagramTokens(
	database: Database,
	ports: { graph: GraphSetup; vault: Vault; now: Date },
	options: { daysLeft?: number; limit?: number; actor?: string } = {},
): Promise<TokenRefresh[]> {
	let ending: EndingToken[];
	try {
		ending = (
			await database.pool.query<EndingToken>(
				`select * from ${database.qualified}list_ending_tokens('instagram', $1::integer, $2::integer)`,
				[options.daysLeft ?? TOKEN_REFRESH_DAYS, options.limit ?? TOKEN_REFRESH_LIMIT],
			)
		).rows;
	} catch (error) {
		throw toDatabaseError(error);
	}
	const done: TokenRefresh[] = [];
	for (const account of ending) done.push(await refreshOne(database, account, ports, options.actor));
	return done;
}

async function refreshOne(
	database: Database,
	account: EndingToken,
	{ graph, vault, now }: { graph: GraphSetup; vault: Vault; now: Date },
	actor?: string,
): Promise<TokenRefresh> {
	const { tenant_id: tenantId, id, external_id: externalId } = account;
	const facts = { tenantId, channelAccountId: id, externalId };
	try {
		const token = vault.decrypt(account.access_token_encrypted, tokenBinding(tenantId, id));
		const answer = await graph.refreshInstagramToken(token);
		if (!answer.ok) throw new FactoryError('TOKEN_NOT_REFRESHED', `${answer.class.name}: ${answer.class.advice}`);
		const { access_token: fresh, expires_in: seconds } = answer.data as {
			access_token?: unknown;
			expires_in?: unknown;
		};
		if (typeof fresh !== 'string' || fresh === '' || !(Number(seconds) > 0)) {
			throw new FactoryError('TOKEN_NOT_REFRESHED', 'Meta answered without a new token.');
		}
		const expiresAt = new Date(now.getTime() + Number(seconds) * 1_000).toISOString();
		await setAccessToken(database, tenantId, id, { accessToken: fresh, expiresAt }, vault, actor);
		return { ...facts, refreshed: true, expiresAt, reason: null };
	} catch (error) {
		if (!isFactoryError(error)) throw error;
		await inTenant(database, tenantId, async (db) => await db.one(TROUBLE, [tenantId, id, error.message]), { actor });
		return { ...facts, refreshed: false, expiresAt: account.token_expires_at.toISOString(), reason: error.message };
	}
}
