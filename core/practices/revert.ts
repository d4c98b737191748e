import { z } from 'zod/v4';
import type { Database } from '../database';
import {
	addSuggestion,
	candidateByHand,
	lintSuggestion,
	readBase,
	type PromptState,
	type SuggestionOperation,
} from '../improvement';
import { runDueJobs, type ClaimedJob, type JobRun } from '../jobs';
import { inTenant, type TenantConnection } from '../tenancy';
import { PRACTICES_ACTOR, REVERT_JOB, REVERTS_A_RUN } from './defaults';

const payloadSchema = z.object({
	applicationId: z.uuid(),
	reason: z.enum(['practice_retired', 'receiving_withdrawn']),
});
const revertedSchema = z.object({
	reverted: z.boolean(),
	how: z.string().nullable(),
	target: z.enum(['persona', 'prompt']).optional(),
	agentId: z.uuid().nullish(),
	incumbentId: z.uuid().nullish(),
	operation: z.unknown(),
});
type Reverted = z.infer<typeof revertedSchema>;

const REVERT = `select revert_practice($1::uuid, $2::uuid, $3::text) as reverted`;
const MOVE = {
	persona: `update persona_improvement_suggestions set state = 'awaiting_approval' where tenant_id = $1::uuid and id = $2::uuid`,
	prompt: `update improvement_suggestions set state = 'awaiting_approval' where tenant_id = $1::uuid and id = $2::uuid`,
} as const;

/** What undoes the practice in a version that was built upon it; null where nothing is left of it. */
async function undoing(
	db: TenantConnection,
	now: PromptState | { thresholdShift: number },
	{ operation, target, incumbentId }: Reverted,
): Promise<SuggestionOperation | null> {
	const done = operation as SuggestionOperation;
	const before = await readBase(db, target!, incumbentId!);
	if (before?.target === 'persona' && 'thresholdShift' in now && done.op === 'set_threshold')
		return now.thresholdShift === done.shift ? { op: 'set_threshold', shift: before.state.thresholdShift } : null;
	if (before?.target !== 'prompt' || !('learnedRules' in now)) return null;
	if (done.op === 'add_rule') {
		const rule = now.learnedRules.find(({ template }) => template === done.templateId);
		return rule ? { op: 'delete_learned_rule', id: rule.id } : null;
	}
	const { maxOutputTokens, effort } = before.state.modelConfig;
	return done.op === 'config_change'
		? { op: 'config_change', model: null, maxTokens: maxOutputTokens, effort: effort ?? null }
		: null;
}

/** Where people built upon it, they are asked: a suggestion that undoes it waits for them. */
async function suggestUndoing(db: TenantConnection, reverted: Reverted): Promise<string | null> {
	const base = await readBase(db, reverted.target!, null, reverted.agentId ?? null);
	const operation = base && (await undoing(db, base.state, reverted));
	if (!base || !operation) return null;
	const checked = { target: base.target, baseVersionId: base.versionId, operations: [operation] };
	if (!lintSuggestion(checked, base).ok) return null;
	const why = {
		rationale:
			'A prática compartilhada de onde isto veio foi retirada. / The shared practice this came from was withdrawn.',
		focusAreas: ['shared_practice'],
	};
	const made = await addSuggestion(db, candidateByHand(base, [operation], 'pt-BR', why), base, PRACTICES_ACTOR);
	await db.one(MOVE[base.target], [db.tenantId, made.id]);
	return made.id;
}

async function revert(database: Database, job: ClaimedJob): Promise<Record<string, unknown>> {
	const { applicationId, reason } = payloadSchema.parse(job.payload);
	return await inTenant(
		database,
		job.tenantId,
		async (db) => {
			const row = await db.one<{ reverted: unknown }>(REVERT, [job.tenantId, applicationId, reason]);
			const reverted = revertedSchema.parse(row!.reverted);
			const asked = reverted.reverted && reverted.how === 'needs_person';
			const suggestionId = asked ? await suggestUndoing(db, reverted) : null;
			return { applicationId, how: reverted.how, suggestionId };
		},
		{ actor: PRACTICES_ACTOR },
	);
}

/** Takes withdrawn practices back at their receivers, each once, of all tenants. */
export const runPracticeReverts = async (
	database: Database,
	options: { workerId: string; limit?: number; random(): number },
): Promise<JobRun[]> =>
	await runDueJobs(
		database,
		{ limit: REVERTS_A_RUN, ...options, types: [REVERT_JOB] },
		async (job) => await revert(database, job),
	);
