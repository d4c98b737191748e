import type { Database } from '../database';
import type { LlmPort } from '../llm';
import { inTenant } from '../tenancy';
import type { Findings } from './findings';
import { propose, type Proposal } from './propose';
import { addSuggestion, recentRejections, type Actor } from './store';
import type { StoredSuggestion } from './suggestions';
import type { CardLanguage } from './texts';
import { readBase } from './versions';

const SCORER = `select m.id from lead_scoring_models m where m.tenant_id = $1::uuid and m.beats_rules order by m.trained_at desc limit 1`;
const USAGE = `select record_llm_usage($1::uuid, null, null, null, 'propose', $2::jsonb)`;
const ALREADY = {
	persona: `select id from persona_improvement_suggestions where tenant_id = $1::uuid and reflection_log_id = $2::uuid limit 1`,
	prompt: `select id from improvement_suggestions where tenant_id = $1::uuid and reflection_log_id = $2::uuid limit 1`,
} as const;

export interface StoredProposal extends Omit<Proposal, 'candidate' | 'reason'> {
	suggestion: StoredSuggestion | null;
	reason: Proposal['reason'] | 'already_proposed';
}

/** From a reflection's findings to at most one stored suggestion; one a reflection, however often it is asked. */
export async function proposeFrom(
	database: Database,
	tenantId: string,
	findings: Findings,
	options: {
		language: CardLanguage;
		now: Date;
		load?: { hotPerDay: number; capacityPerDay: number } | null;
		model?: { llm: LlmPort; model: string };
	},
	actor: Actor,
): Promise<StoredProposal> {
	const known = await inTenant(database, tenantId, async (db) => {
		const base = await readBase(db, findings.target, findings.versionId);
		return {
			base,
			rejected: await recentRejections(db, findings.target, base?.agentId ?? null),
			scorer: findings.target === 'persona' ? await db.one<{ id: string }>(SCORER, [tenantId]) : undefined,
			already: await db.one(ALREADY[findings.target], [tenantId, findings.reflectionId]),
		};
	});
	const { base, rejected, scorer, already } = known;
	const none = { suggestion: null, usage: [], modelError: null };
	if (already) return { ...none, reason: 'already_proposed' };
	if (!base?.isActive) return { ...none, reason: 'old_version' };
	const input = { findings, base, rejected, now: options.now, load: options.load ?? null };
	const { candidate, ...proposal } = await propose({ ...input, scorerModelId: scorer?.id ?? null }, options);
	const suggestion = await inTenant(
		database,
		tenantId,
		async (db) => {
			if (proposal.usage.length > 0) await db.one(USAGE, [tenantId, JSON.stringify(proposal.usage)]);
			return candidate && (await addSuggestion(db, candidate, base, actor.name));
		},
		{ actor: actor.name },
	);
	return { ...proposal, suggestion };
}
