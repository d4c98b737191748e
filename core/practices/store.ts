import { z } from 'zod/v4';
import { suggestionOperation } from '../improvement';
import type { TenantConnection } from '../tenancy';
import { RECEIPTS_SHOWN, SOURCES } from './defaults';

const when = z.coerce.date();
const viewSchema = z.object({
	/** What is agreed to now. */
	consents: z.array(z.object({ purpose: z.enum(['share', 'receive']), source: z.enum(SOURCES).nullable() })),
	/** Practices that hold evidence of this tenant, or held it until it was withdrawn. */
	shared: z.array(
		z.object({
			operation: suggestionOperation,
			leads: z.int().nullable(),
			at: when,
			withdrawnAt: when.nullable(),
		}),
	),
	received: z.array(
		z.object({
			operation: suggestionOperation,
			offeredAt: when,
			appliedAt: when.nullable(),
			state: z.string(),
			before: z.number().nullable(),
			after: z.number().nullable(),
			revertedAt: when.nullable(),
			how: z.string().nullable(),
		}),
	),
	receipts: z.array(
		z.object({
			purpose: z.enum(['share', 'receive']),
			source: z.enum(SOURCES).nullable(),
			granted: z.boolean(),
			person: z.string(),
			textVersion: z.string(),
			at: when,
		}),
	),
});
/** All that a tenant has shared, received and signed. */
export type PracticesView = z.infer<typeof viewSchema>;

const READ = `select jsonb_build_object(
	'consents', coalesce((select jsonb_agg(jsonb_build_object('purpose', c.purpose, 'source', c.source)) from vw_practice_consents c where c.tenant_id = $1::uuid and c.granted), '[]'),
	'shared', coalesce((select jsonb_agg(jsonb_build_object('operation', b.practice_config, 'leads', s.leads, 'at', s.counted_at, 'withdrawnAt', s.withdrawn_at) order by s.counted_at desc)
		from best_practice_sources s join shared_best_practices b on b.id = s.best_practice_id where s.tenant_id = $1::uuid), '[]'),
	'received', coalesce((select jsonb_agg(to_jsonb(r) order by r."offeredAt" desc) from (
		select b.practice_config as operation, a.offered_at as "offeredAt", a.applied_at as "appliedAt", coalesce(x.state, y.state) as state,
			a.conversion_rate_before as before, a.conversion_rate_after as after, a.reverted_at as "revertedAt", a.revert_how as how
		from best_practice_applications a join shared_best_practices b on b.id = a.best_practice_id
		left join persona_improvement_suggestions x on x.tenant_id = a.tenant_id and x.id = a.persona_suggestion_id
		left join improvement_suggestions y on y.tenant_id = a.tenant_id and y.id = a.prompt_suggestion_id
		where a.tenant_id = $1::uuid order by a.offered_at desc limit $2::integer) r), '[]'),
	'receipts', coalesce((select jsonb_agg(to_jsonb(r) order by r.at desc) from (
		select c.purpose, c.source, c.granted, c.person, c.text_version as "textVersion", c.created_at as at
		from practice_consents c where c.tenant_id = $1::uuid order by c.id desc limit $2::integer) r), '[]')) as view`;

export async function readPractices(db: TenantConnection): Promise<PracticesView> {
	const row = await db.one<{ view: unknown }>(READ, [db.tenantId, RECEIPTS_SHOWN]);
	return viewSchema.parse(row!.view);
}
