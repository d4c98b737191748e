import { randomUUID } from 'node:crypto';
import type { Database } from '../database';
import { toDatabaseError } from '../database';
import { LIST_LIMIT } from './defaults';
import { inTenant } from './transaction';
import type { Vault } from './vault';

export interface NewChannelAccount {
	kind: 'whatsapp' | 'instagram' | 'messenger';
	/** phone_number_id, Instagram account id or page id. */
	externalId: string;
	/** WABA id. */
	parentId?: string | null;
	displayName?: string | null;
	phoneNumber?: string | null;
	agentId?: string | null;
	accessToken?: string | null;
	tokenExpiresAt?: string | null;
	maxMessagesPerSecond?: number | null;
}

const COLUMNS = `id, tenant_id, kind, external_id, parent_id, display_name, phone_number, agent_id, is_active, status, paused_reason, paused_at,
	token_expires_at, access_token_encrypted is not null as has_token, max_messages_per_second, created_at`;
const UPSERT = `insert into channel_accounts (tenant_id, id, kind, external_id, parent_id, display_name, phone_number, agent_id, access_token_encrypted, token_expires_at,
		max_messages_per_second, setup_completed)
	values ($1::uuid, $2::uuid, $3::text, $4::text, $5::text, $6::text, $7::text, $8::uuid, $9::text, $10::timestamptz, coalesce($11::integer, 80), $9::text is not null)
	returning ${COLUMNS}`;
const SET_TOKEN = `update channel_accounts set access_token_encrypted = $3::text, token_expires_at = $4::timestamptz, setup_completed = true
	where tenant_id = $1::uuid and id = $2::uuid returning ${COLUMNS}`;
const SET_AGENT = `update channel_accounts set agent_id = $3::uuid where tenant_id = $1::uuid and id = $2::uuid returning ${COLUMNS}`;
const AUDIT_AGENT = `select record_audit($1::uuid, 'channel_account.agent_assigned', 'channel_account', $2::text, jsonb_build_object('agent', $3::uuid))`;
const LIST = `select ${COLUMNS} from channel_accounts where tenant_id = $1::uuid order by kind, display_name, external_id limit $2::integer`;

/** What a stored token is bound to: moved to another account it does not open. */
export const tokenBinding = (tenantId: string, accountId: string): string =>
	`channel_accounts/${tenantId}/${accountId}`;

export async function createChannelAccount(
	database: Database,
	tenantId: string,
	account: NewChannelAccount,
	vault: Vault | null,
	actor?: string,
): Promise<Record<string, unknown>> {
	const id = randomUUID();
	const encrypted =
		account.accessToken && vault ? vault.encrypt(account.accessToken, tokenBinding(tenantId, id)) : null;
	return await inTenant(
		database,
		tenantId,
		async (db) => {
			const row = await db.one(UPSERT, [
				tenantId,
				id,
				account.kind,
				account.externalId,
				account.parentId ?? null,
				account.displayName ?? null,
				account.phoneNumber ?? null,
				account.agentId ?? null,
				encrypted,
				account.tokenExpiresAt ?? null,
				account.maxMessagesPerSecond ?? null,
			]);
			await db.one(`select record_audit($1::uuid, 'channel_account.created', 'channel_account', $2::text, '{}')`, [
				tenantId,
				id,
			]);
			return row as Record<string, unknown>;
		},
		{ actor },
	);
}

export async function setAccessToken(
	database: Database,
	tenantId: string,
	accountId: string,
	token: { accessToken: string; expiresAt?: string | null },
	vault: Vault,
	actor?: string,
): Promise<Record<string, unknown> | undefined> {
	const encrypted = vault.encrypt(token.accessToken, tokenBinding(tenantId, accountId));
	return await inTenant(
		database,
		tenantId,
		async (db) => {
			const row = await db.one(SET_TOKEN, [tenantId, accountId, encrypted, token.expiresAt ?? null]);
			if (row)
				await db.one(`select record_audit($1::uuid, 'channel_account.token_set', 'channel_account', $2::text, '{}')`, [
					tenantId,
					accountId,
				]);
			return row;
		},
		{ actor },
	);
}

export const assignAgent = async (
	database: Database,
	tenantId: string,
	accountId: string,
	agentId: string,
	actor?: string,
): Promise<Record<string, unknown> | undefined> =>
	await inTenant(
		database,
		tenantId,
		async (db) => {
			const row = await db.one(SET_AGENT, [tenantId, accountId, agentId]);
			if (row) await db.one(AUDIT_AGENT, [tenantId, accountId, agentId]);
			return row;
		},
		{ actor },
	);

export const listChannelAccounts = async (
	database: Database,
	tenantId: string,
	limit = LIST_LIMIT,
): Promise<Array<Record<string, unknown>>> =>
	await inTenant(database, tenantId, async (db) => await db.all(LIST, [tenantId, limit]));

/** Stops or resumes sending for one account. True when that changed anything. */
export const pauseChannelAccount = async (
	database: Database,
	tenantId: string,
	accountId: string,
	reason: string,
	actor?: string,
): Promise<boolean> =>
	await inTenant(
		database,
		tenantId,
		async (db) =>
			((
				await db.one<{ n: number }>(`select pause_channel_accounts($1::uuid, $2::uuid, 'number', $3::text) as n`, [
					tenantId,
					accountId,
					reason,
				])
			)?.n ?? 0) > 0,
		{ actor },
	);
export const resumeChannelAccount = async (
	database: Database,
	tenantId: string,
	accountId: string,
	actor?: string,
): Promise<boolean> =>
	await inTenant(
		database,
		tenantId,
		async (db) =>
			(
				await db.one<{ done: boolean }>(`select resume_channel_account($1::uuid, $2::uuid) as done`, [
					tenantId,
					accountId,
				])
			)?.done ?? false,
		{ actor },
	);

/** Send lanes that stand, of all tenants. */
export async function listPausedAccounts(
	database: Database,
	limit = LIST_LIMIT,
): Promise<Array<Record<string, unknown>>> {
	try {
		return (
			await database.pool.query<Record<string, unknown>>(
				`select * from ${database.qualified}list_paused_accounts($1::integer)`,
				[limit],
			)
		).rows;
	} catch (error) {
		throw toDatabaseError(error);
	}
}
