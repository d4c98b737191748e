import type { Database } from '../database';
import { inTenant } from '../tenancy';
import { LIST_LIMIT } from './defaults';

export interface NewTemplate {
	name: string;
	category: string;
	content: string;
	language?: string;
	metaName?: string | null;
	metaCategory?: 'MARKETING' | 'UTILITY' | 'AUTHENTICATION' | null;
	metaStatus?: string | null;
	components?: unknown[];
}

const UPSERT = `insert into message_templates (tenant_id, name, category, content, language, meta_name, meta_category, meta_status, components)
	values ($1::uuid, $2::text, $3::text, $4::text, coalesce($5::text, 'pt_BR'), $6::text, $7::text, coalesce($8::text, 'LOCAL'), coalesce($9::jsonb, '[]'))
	on conflict (tenant_id, name, language) do update set category = excluded.category, content = excluded.content, meta_name = excluded.meta_name,
		meta_category = excluded.meta_category, meta_status = excluded.meta_status, components = excluded.components
	returning *`;
const LIST = `select id, name, category, content, language, is_active, meta_name, meta_category, meta_status, usage_count from message_templates
	where tenant_id = $1::uuid and ($2::text is null or position(lower($2::text) in lower(name)) > 0) order by name, language limit $3::integer`;

/** Creates a template, or changes the one of that name and language. */
export const saveTemplate = async (
	database: Database,
	tenantId: string,
	template: NewTemplate,
	actor?: string,
): Promise<Record<string, unknown>> =>
	await inTenant(
		database,
		tenantId,
		async (db) =>
			(await db.one(UPSERT, [
				tenantId,
				template.name,
				template.category,
				template.content,
				template.language ?? null,
				template.metaName ?? null,
				template.metaCategory ?? null,
				template.metaStatus ?? null,
				template.components ? JSON.stringify(template.components) : null,
			])) as Record<string, unknown>,
		{ actor },
	);

export const listTemplates = async (
	database: Database,
	tenantId: string,
	options: { search?: string; limit?: number } = {},
): Promise<Array<Record<string, unknown>>> =>
	await inTenant(
		database,
		tenantId,
		async (db) => await db.all(LIST, [tenantId, options.search ?? null, options.limit ?? LIST_LIMIT]),
	);
