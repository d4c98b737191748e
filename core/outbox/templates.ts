import type { Database } from '../database';
import { inTenant } from '../tenancy';
import { LIST_LIMIT } from './defaults';
import { placesOf } from './template-values';

export interface NewTemplate {
	name: string;
	category: string;
	content: string;
	language?: string;
	metaName?: string | null;
	metaCategory?: 'MARKETING' | 'UTILITY' | 'AUTHENTICATION' | null;
	metaStatus?: string | null;
	components?: unknown[];
	/** Names of the places, in order; read from the content where absent. */
	variables?: string[];
}

const UPSERT = `insert into message_templates (tenant_id, name, category, content, language, meta_name, meta_category, meta_status, components, variables)
	values ($1::uuid, $2::text, $3::text, $4::text, coalesce($5::text, 'pt_BR'), $6::text, $7::text, coalesce($8::text, 'LOCAL'), coalesce($9::jsonb, '[]'), $10::jsonb)
	on conflict (tenant_id, name, language) do update set category = excluded.category, content = excluded.content, meta_name = excluded.meta_name,
		meta_category = excluded.meta_category, meta_status = excluded.meta_status, components = excluded.components,
		variables = excluded.variables
	returning *`;
const LIST = `select mt.id, mt.name, mt.category, mt.content, mt.language, mt.is_active, mt.meta_name, mt.meta_category, mt.meta_status, mt.quality, mt.rejected_reason,
		mt.parameter_format, mt.synced_at, mt.usage_count, coalesce(p.answered, 0)::integer as answered, p.answered_share::float, coalesce(p.advanced, 0)::integer as advanced, p.last_used_at
	from message_templates mt left join template_performance p on p.tenant_id = mt.tenant_id and p.template_id = mt.id
	where mt.tenant_id = $1::uuid and ($2::text is null or position(lower($2::text) in lower(mt.name)) > 0) order by mt.name, mt.language limit $3::integer`;

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
				JSON.stringify(template.variables ?? placesOf(template.content)),
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
