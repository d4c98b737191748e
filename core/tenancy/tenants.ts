import type { Database } from '../database';
import { toDatabaseError } from '../database';
import { FactoryError } from '../errors';
import { LIST_LIMIT } from './defaults';
import { inTenant } from './transaction';

export interface NewTenant {
	name: string;
	slug: string;
	businessType?: string;
	status?: 'trial' | 'active' | 'paused' | 'cancelled';
	planTier?: 'basic' | 'pro' | 'enterprise';
	timezone?: string;
	maxLeadsPerMonth?: number | null;
	maxAutoResponsesPerDay?: number | null;
	/** Days after which texts of messages are emptied; 0 or nothing keeps them. */
	messageRetentionDays?: number | null;
}

export interface TenantRow {
	id: string;
	slug: string;
	name: string;
	status: string;
	plan_tier: string;
	timezone: string;
	channel_accounts: number;
	paused_accounts: number;
}

const INSERT_TENANT = `insert into tenants (id, name, slug, business_type, status, plan_tier, timezone, max_leads_per_month, max_auto_responses_per_day,
		message_retention_days)
	values ($1::uuid, $2::text, $3::text, $4::text, coalesce($5::text, 'trial'), coalesce($6::text, 'basic'), coalesce($7::text, 'America/Sao_Paulo'), $8::integer, $9::integer,
		nullif($10::integer, 0)) returning *`;
const UPDATE_TENANT = `update tenants set name = coalesce($2::text, name), business_type = coalesce($3::text, business_type), status = coalesce($4::text, status),
	plan_tier = coalesce($5::text, plan_tier), timezone = coalesce($6::text, timezone), max_leads_per_month = coalesce($7::integer, max_leads_per_month),
	max_auto_responses_per_day = coalesce($8::integer, max_auto_responses_per_day),
	message_retention_days = nullif(coalesce($9::integer, message_retention_days), 0) where id = $1::uuid returning *`;

/** `newId`: a fresh uuid; it is the tenant's sight before the row exists, so no other role is needed. */
export async function createTenant(
	database: Database,
	tenant: NewTenant,
	newId: string,
	actor?: string,
): Promise<Record<string, unknown>> {
	assertTimeZone(tenant.timezone);
	return await inTenant(
		database,
		newId,
		async (db) => {
			const row = await db.one(INSERT_TENANT, [
				newId,
				tenant.name,
				tenant.slug,
				tenant.businessType ?? null,
				tenant.status ?? null,
				tenant.planTier ?? null,
				tenant.timezone ?? null,
				tenant.maxLeadsPerMonth ?? null,
				tenant.maxAutoResponsesPerDay ?? null,
				tenant.messageRetentionDays ?? null,
			]);
			await db.one(`select record_audit($1::uuid, 'tenant.created', 'tenant', $1::text, '{}')`, [newId]);
			return row as Record<string, unknown>;
		},
		{ actor },
	);
}

export async function updateTenant(
	database: Database,
	tenantId: string,
	change: Partial<NewTenant>,
	actor?: string,
): Promise<Record<string, unknown>> {
	assertTimeZone(change.timezone);
	return await inTenant(
		database,
		tenantId,
		async (db) => {
			const row = await db.one(UPDATE_TENANT, [
				tenantId,
				change.name ?? null,
				change.businessType ?? null,
				change.status ?? null,
				change.planTier ?? null,
				change.timezone ?? null,
				change.maxLeadsPerMonth ?? null,
				change.maxAutoResponsesPerDay ?? null,
				change.messageRetentionDays ?? null,
			]);
			if (!row) throw new FactoryError('TENANT_NOT_FOUND', `No tenant has id ${tenantId}.`, { item: tenantId });
			await db.one(
				`select record_audit($1::uuid, 'tenant.updated', 'tenant', $1::text, jsonb_build_object('fields', $2::text[]))`,
				[tenantId, Object.keys(change)],
			);
			return row;
		},
		{ actor },
	);
}

export async function listTenants(
	database: Database,
	options: { search?: string; limit?: number; offset?: number } = {},
): Promise<TenantRow[]> {
	try {
		const { rows } = await database.pool.query<TenantRow>(
			`select * from ${database.qualified}list_tenants($1::text, $2::integer, $3::integer)`,
			[options.search ?? null, options.limit ?? LIST_LIMIT, options.offset ?? 0],
		);
		return rows;
	} catch (error) {
		throw toDatabaseError(error);
	}
}

function assertTimeZone(timezone: string | undefined): void {
	if (timezone === undefined) return;
	try {
		new Intl.DateTimeFormat('en', { timeZone: timezone });
	} catch (cause) {
		throw new FactoryError(
			'TIME_ZONE_UNKNOWN',
			`"${timezone}" is not a time zone. Use a name such as America/Sao_Paulo.`,
			{ cause },
		);
	}
}

/** Gives a tenant what it lacks of what a new one begins with; answers how many of each were new. */
export const addDefaults = async (
	database: Database,
	tenantId: string,
	actor?: string,
): Promise<Record<string, number>> =>
	await inTenant(
		database,
		tenantId,
		async (db) =>
			(await db.one<{ added: Record<string, number> }>(`select seed_tenant_defaults($1::uuid) as added`, [tenantId]))!
				.added,
		{ actor },
	);
