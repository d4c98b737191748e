import type { Database } from '../database';
import { ACCESS_KEY_BYTES } from './defaults';
import { hashAccessKey } from './resolve';
import { inTenant, type TenantConnection } from './transaction';

/** Keys by which callers say which tenant they are. Never with the key or its hash. */
export interface AccessKey extends Record<string, unknown> {
	id: string;
	name: string;
	/** The first characters, by which people tell keys apart. */
	key_prefix: string;
	scopes: string[];
	expires_at: Date | null;
	revoked_at: Date | null;
	created_at: Date;
}

const COLUMNS = 'id, name, key_prefix, scopes, expires_at, revoked_at, created_at';
const INSERT = `insert into access_keys (tenant_id, name, key_prefix, key_hash, scopes, expires_at)
	values ($1::uuid, $2::text, $3::text, decode($4::text, 'hex'), $5::text[], $6::timestamptz) returning ${COLUMNS}`;
const LIST = `select ${COLUMNS} from access_keys where tenant_id = $1::uuid order by revoked_at is not null, created_at desc limit $2::integer`;
const REVOKE =
	'update access_keys set revoked_at = now() where tenant_id = $1::uuid and id = $2::uuid and revoked_at is null returning name';
const AUDIT = `select record_audit($1::uuid, $2::text, 'access_key', $3::text, jsonb_build_object('name', $4::text))`;
const OPENS = `select exists (select 1 from access_keys where tenant_id = $1::uuid and key_hash = decode($2::text, 'hex') and $3::text = any (scopes)
	and revoked_at is null and (expires_at is null or expires_at > now())) as opens`;
/** More than any tenant has. */
const MOST = 500;

/** Makes a key for callers. `key` is shown this once; only its hash is stored. */
export async function createAccessKey(
	database: Database,
	tenantId: string,
	input: { name: string; scopes: string[]; expiresAt?: string | null },
	randomBytes: (size: number) => Buffer,
	actor?: string,
): Promise<AccessKey & { key: string }> {
	const key = `af_${randomBytes(ACCESS_KEY_BYTES).toString('base64url')}`;
	return await inTenant(
		database,
		tenantId,
		async (db) => {
			const values = [key.slice(0, 8), hashAccessKey(key), input.scopes, input.expiresAt ?? null];
			const row = (await db.one<AccessKey>(INSERT, [tenantId, input.name, ...values]))!;
			await db.one(AUDIT, [tenantId, 'access_key.created', row.id, input.name]);
			return { ...row, key };
		},
		{ actor },
	);
}

/** A tenant's keys, those in use first, newest first. */
export const listAccessKeys = async (database: Database, tenantId: string): Promise<AccessKey[]> =>
	await inTenant(database, tenantId, async (db) => await db.all<AccessKey>(LIST, [tenantId, MOST]));

/** Ends a key at once, and the pages it opened; false when it was ended before or is no key of this tenant. */
export const revokeAccessKey = async (
	database: Database,
	tenantId: string,
	id: string,
	actor?: string,
): Promise<boolean> =>
	await inTenant(
		database,
		tenantId,
		async (db) => {
			const row = await db.one<{ name: string }>(REVOKE, [tenantId, id]);
			if (row) await db.one(AUDIT, [tenantId, 'access_key.revoked', id, row.name]);
			return row !== null && row !== undefined;
		},
		{ actor },
	);

/** Whether a key of this tenant still opens what its scope says. */
export const accessKeyOpens = async (db: TenantConnection, hash: string, scope: string): Promise<boolean> =>
	(await db.one<{ opens: boolean }>(OPENS, [db.tenantId, hash, scope]))!.opens;
