import type { Database } from '../database';
import { LIST_LIMIT } from './defaults';
import { inTenant, type TenantConnection } from './transaction';
import type { Vault } from './vault';

export interface NewApiKey {
	/** Of which service: pipedrive, rd_station, twilio, chatwoot ... */
	service: string;
	/** Tells several of one service apart; `default` when absent. */
	name?: string;
	secret: string;
	/** Where the service answers, if not at its usual address. */
	baseUrl?: string | null;
	/** Settings that are no secrets. */
	metadata?: Record<string, unknown>;
	expiresAt?: string | null;
}

export interface ApiKey {
	id: string;
	secret: string;
	baseUrl: string | null;
	metadata: Record<string, unknown>;
}

interface StoredKey {
	id: string;
	key_value: string;
	base_url: string | null;
	metadata: Record<string, unknown>;
	[column: string]: unknown;
}

const COLUMNS = `id, service_name, key_name, base_url, metadata, is_active, expires_at, last_used_at, last_error, created_at, updated_at`;
const SAVE = `insert into api_keys (tenant_id, service_name, key_name, key_value, base_url, metadata, expires_at)
	values ($1::uuid, $2::text, $3::text, $4::text, $5::text, coalesce($6::jsonb, '{}'), $7::timestamptz)
	on conflict (tenant_id, service_name, key_name) do update set key_value = excluded.key_value, base_url = excluded.base_url,
		metadata = coalesce($6::jsonb, api_keys.metadata), expires_at = excluded.expires_at, is_active = true, last_error = null
	returning ${COLUMNS}`;
const READ = `select id, key_value, base_url, metadata from api_keys
	where tenant_id = $1::uuid and service_name = $2::text and key_name = $3::text and is_active`;
const LIST = `select ${COLUMNS} from api_keys where tenant_id = $1::uuid and ($2::text is null or service_name = $2::text) order by service_name, key_name limit $3::integer`;
const SWITCH_OFF = `update api_keys set is_active = false, last_error = $4::text where tenant_id = $1::uuid and service_name = $2::text and key_name = $3::text and is_active
	returning id`;
const RENEW = `update api_keys set key_value = $4::text, metadata = metadata || $5::jsonb, last_error = null
	where tenant_id = $1::uuid and service_name = $2::text and key_name = $3::text and is_active returning id`;
const AUDIT = `select record_audit($1::uuid, $2::text, 'api_key', $3::text, jsonb_build_object('service', $4::text))`;

const DEFAULT_NAME = 'default';

/** What a stored key is bound to: moved to another tenant or service it does not open. */
const keyBinding = (tenantId: string, service: string, name: string): string =>
	`api_keys/${tenantId}/${service}/${name}`;

/** Stores a tenant's secret for a service, or replaces the one of that name. The secret does not come back. */
export const saveApiKey = async (
	database: Database,
	tenantId: string,
	key: NewApiKey,
	vault: Vault,
	actor?: string,
): Promise<Record<string, unknown>> =>
	await inTenant(database, tenantId, async (db) => await storeApiKey(db, key, vault), { actor });

/** As `saveApiKey`, inside the caller's transaction. */
export async function storeApiKey(
	db: TenantConnection,
	key: NewApiKey,
	vault: Vault,
): Promise<Record<string, unknown>> {
	const name = key.name ?? DEFAULT_NAME;
	const row = (await db.one<StoredKey>(SAVE, [
		...[db.tenantId, key.service, name],
		vault.encrypt(key.secret, keyBinding(db.tenantId, key.service, name)),
		key.baseUrl ?? null,
		key.metadata ? JSON.stringify(key.metadata) : null,
		key.expiresAt ?? null,
	]))!;
	await db.one(AUDIT, [db.tenantId, 'api_key.saved', row.id, key.service]);
	return row;
}

/** The same key with another secret: a token that was renewed, which nobody needs to read of. False when it is switched off. */
export async function renewApiKey(
	db: TenantConnection,
	key: Required<Pick<NewApiKey, 'service' | 'name' | 'secret' | 'metadata'>>,
	vault: Vault,
): Promise<boolean> {
	const sealed = vault.encrypt(key.secret, keyBinding(db.tenantId, key.service, key.name));
	const renewed = await db.one(RENEW, [db.tenantId, key.service, key.name, sealed, JSON.stringify(key.metadata)]);
	return renewed !== undefined;
}

/** The open secret, for the call that needs it; null when the tenant has none or it is switched off. */
export async function readApiKey(
	database: Database,
	tenantId: string,
	service: string,
	vault: Vault,
	name = DEFAULT_NAME,
): Promise<ApiKey | null> {
	const row = await inTenant(
		database,
		tenantId,
		async (db) => await db.one<StoredKey>(READ, [tenantId, service, name]),
	);
	if (!row) return null;
	const secret = vault.decrypt(row.key_value, keyBinding(tenantId, service, name));
	return { id: row.id, secret, baseUrl: row.base_url, metadata: row.metadata };
}

export const listApiKeys = async (
	database: Database,
	tenantId: string,
	service?: string,
): Promise<Array<Record<string, unknown>>> =>
	await inTenant(database, tenantId, async (db) => await db.all(LIST, [tenantId, service ?? null, LIST_LIMIT]));

/** Switches a key off inside the caller's transaction: refused by the service, or no longer wanted. False when it was off. */
export async function switchOffApiKey(
	db: TenantConnection,
	service: string,
	why: string,
	name = DEFAULT_NAME,
): Promise<boolean> {
	const row = await db.one<{ id: string }>(SWITCH_OFF, [db.tenantId, service, name, why]);
	if (row) await db.one(AUDIT, [db.tenantId, 'api_key.switched_off', row.id, service]);
	return row !== undefined;
}
