import { z } from 'zod/v4';
import type { Database } from '../../database';
import { FactoryError } from '../../errors';
import { inTenant } from '../../tenancy';
import { LIST_LIMIT, RULES_MAX } from './defaults';

const LEAD_CLASSES = ['LEAD_HOT', 'LEAD_WARM', 'LEAD_COLD', 'PESSOAL', 'SPAM', 'DESQUALIFICADO'];
const rulesSchema = z
	.array(
		z.strictObject({
			name: z.string().trim().min(1).max(100),
			/** When the rule is asked. */
			triggers: z
				.array(z.enum(['import', 'hot', 'handoff']))
				.min(1)
				.default(['import', 'hot', 'handoff']),
			classifications: z.array(z.enum(LEAD_CLASSES)).default([]),
			sources: z.array(z.enum(['organic', 'ad', 'comment', 'import', 'outreach'])).default([]),
			channels: z.array(z.enum(['whatsapp', 'instagram', 'messenger'])).default([]),
			userIds: z.array(z.uuid()).min(1).max(100),
			isActive: z.boolean().default(true),
		}),
	)
	.max(RULES_MAX)
	.refine((rules) => new Set(rules.map(({ name }) => name)).size === rules.length, 'two rules have the same name');
export type AssignmentRules = z.input<typeof rulesSchema>;

const LIST = `select id, name, rule_order, triggers, classifications, sources, channels, user_ids, is_active, turns_taken from assignment_rules
	where tenant_id = $1::uuid order by rule_order limit $2::integer`;

/** Replaces the rules, in the order given: the first that fits counts, its people take turns. */
export async function saveAssignmentRules(
	database: Database,
	tenantId: string,
	rules: unknown,
	actor?: string,
): Promise<Array<Record<string, unknown>>> {
	const parsed = rulesSchema.safeParse(rules);
	if (!parsed.success) {
		const [issue] = parsed.error.issues;
		throw new FactoryError(
			'VALUE_REFUSED',
			`The rules cannot be saved: ${issue.path.join('.')} ${issue.message}. Correct it.`,
			{
				item: 'rules',
			},
		);
	}
	return await inTenant(
		database,
		tenantId,
		async (db) => {
			await db.one('select save_assignment_rules($1::uuid, $2::jsonb)', [tenantId, JSON.stringify(parsed.data)]);
			return await db.all(LIST, [tenantId, LIST_LIMIT]);
		},
		{ actor },
	);
}

export const listAssignmentRules = async (
	database: Database,
	tenantId: string,
): Promise<Array<Record<string, unknown>>> =>
	await inTenant(database, tenantId, async (db) => await db.all(LIST, [tenantId, LIST_LIMIT]));

/** Gives a lead to whoever is next by the rules. Who has it keeps it. */
export const assignLead = async (
	database: Database,
	tenantId: string,
	leadId: string,
	actor?: string,
): Promise<{ leadId: string; userId: string | null }> =>
	await inTenant(
		database,
		tenantId,
		async (db) => {
			const row = await db.one<{ id: string | null }>(`select assign_lead($1::uuid, $2::uuid, 'now') as id`, [
				tenantId,
				leadId,
			]);
			return { leadId, userId: row!.id };
		},
		{ actor },
	);
