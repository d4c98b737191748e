import { z } from 'zod/v4';
import type { Database } from '../../database';
import { FactoryError } from '../../errors';
import { inTenant } from '../../tenancy';
import { LIST_LIMIT, MAX_NAME_CHARS } from './defaults';

/** What a seller says of a lead with one tap. */
export const VERDICTS = ['bom', 'ruim', 'pessoal', 'spam', 'concorrente'] as const;
export type Verdict = (typeof VERDICTS)[number];
/** Verdicts, then what became of the lead: opportunity, client, rejected, no answer. */
export const OUTCOME_KINDS = [...VERDICTS, 'opportunity', 'client', 'rejected', 'no_answer'] as const;
export type OutcomeKind = (typeof OUTCOME_KINDS)[number];

const name = z.string().trim().min(1).max(MAX_NAME_CHARS);
const outcomeSchema = z
	.object({
		leadId: z.uuid().optional(),
		/** The classification that is judged; without it the newest one before `at`. */
		classifiedLeadId: z.uuid().optional(),
		kind: z.enum(OUTCOME_KINDS).optional(),
		/** A pipeline stage of the tenant by name, or a stage type; without `kind` it says the kind. */
		stage: name.optional(),
		source: z.enum(['person', 'webhook', 'crm']),
		/** Who says so: a name, a user id, a system. */
		actor: name,
		/** When it happened; now, if absent. */
		at: z.iso.datetime({ offset: true }).optional(),
		/** The same key again is the same outcome. */
		idempotencyKey: name,
	})
	.refine((outcome) => outcome.kind ?? outcome.stage, { error: 'give a kind, a stage or both', path: ['kind'] })
	.refine((outcome) => outcome.leadId ?? outcome.classifiedLeadId, {
		error: 'give leadId or classifiedLeadId',
		path: ['leadId'],
	});
export type NewOutcome = z.input<typeof outcomeSchema>;

export interface RecordedOutcome {
	id: number;
	leadId: string;
	classifiedLeadId: string | null;
	kind: OutcomeKind | 'stage';
	tier: 1 | 2 | 3 | null;
	/** Where the lead stands now. */
	stage: string;
	/** False: this key had been recorded before, and nothing changed. */
	created: boolean;
	/** What a person may want to do next, e.g. add a family member to the known contacts. Nothing is done by itself. */
	hint: { action: 'add_known_contact'; platform: string; username: string } | null;
}

/** Writes down what became of a lead, once per idempotency key. */
export async function recordOutcome(database: Database, tenantId: string, given: NewOutcome): Promise<RecordedOutcome> {
	const parsed = outcomeSchema.safeParse(given);
	if (!parsed.success) {
		const [issue] = parsed.error.issues;
		throw new FactoryError(
			'OUTCOME_INVALID',
			`The outcome cannot be recorded: ${issue.path.join('.') || 'it'}: ${issue.message}.`,
			{ details: parsed.error.issues.map(({ path, message }) => ({ path: path.join('.'), message })) },
		);
	}
	const outcome = parsed.data;
	return await inTenant(
		database,
		tenantId,
		async (db) => {
			const row = await db.one<{ recorded: RecordedOutcome }>(
				'select record_outcome($1::uuid, $2::jsonb) as recorded',
				[tenantId, JSON.stringify(outcome)],
			);
			return row!.recorded;
		},
		{ actor: outcome.actor },
	);
}

const LIST = `select o.id, o.tenant_id, o.lead_id, o.classified_lead_id, k.full_name, o.kind, o.tier, o.stage, o.source, o.actor, o.happened_at, o.created_at
	from lead_outcomes o
	join leads l on l.tenant_id = o.tenant_id and l.id = o.lead_id
	join contacts k on k.tenant_id = l.tenant_id and k.id = l.contact_id
	where o.tenant_id = $1::uuid and ($2::uuid is null or o.lead_id = $2::uuid)
	order by o.created_at desc, o.id desc limit $3::integer`;

/** What was said of a tenant's leads, or of one, newest first. */
export const listOutcomes = async (
	database: Database,
	tenantId: string,
	{ leadId, limit = LIST_LIMIT }: { leadId?: string; limit?: number } = {},
): Promise<Array<Record<string, unknown>>> =>
	await inTenant(database, tenantId, async (db) => await db.all(LIST, [tenantId, leadId ?? null, limit]));
