import { renderPrompt, sha256Hex, type CompiledAgentBundle } from '../agents';
import { FactoryError } from '../errors';
import { personaOf, type Persona, type PersonaRow } from '../leads';
import type { TenantConnection } from '../tenancy';
import type { Target } from './operations';
import type { LearnedRule, PersonaState, PromptConfig, PromptState, Versioned } from './state';

/** A version as a suggestion starts from it, and whether it is the one in service. */
export type Base = { versionId: string; isActive: boolean; agentId: string | null } & (
	| { target: 'persona'; state: Persona & PersonaState }
	| { target: 'prompt'; state: PromptState; bundle: CompiledAgentBundle }
);

const PERSONA = `select persona_row_of(p) as persona, p.is_active from tenant_personas p
	where p.tenant_id = $1::uuid and case when $2::uuid is null then p.is_active else p.id = $2::uuid end`;
const PROMPT = `select p.id, p.learned_rules, p.model_config, v.agent_id, v.compiled_bundle as bundle, p.is_active and v.is_active as is_active
	from system_prompts p join agent_versions v on v.tenant_id = p.tenant_id and v.id = p.agent_version_id
	where p.tenant_id = $1::uuid and case when $2::uuid is null then p.is_active and v.is_active and v.agent_id = $3::uuid else p.id = $2::uuid end`;

/** A persona that knows what the loop may tune, whatever its row leaves out. */
export const tuned = (persona: Persona): Persona & PersonaState => ({
	...persona,
	keywordWeights: persona.keywordWeights ?? {},
	thresholdShift: persona.thresholdShift ?? 0,
	scoringModelId: persona.scoringModelId ?? null,
});

interface PromptRow extends Record<string, unknown> {
	id: string;
	learned_rules: unknown;
	model_config: Partial<PromptConfig>;
	agent_id: string;
	bundle: CompiledAgentBundle;
	is_active: boolean;
}

/** Rules that the loop taught, and bare sentences that somebody wrote into the column. */
function learnedRules(stored: unknown): LearnedRule[] {
	if (!Array.isArray(stored)) return [];
	return stored.flatMap((rule: unknown): LearnedRule[] => {
		if (typeof rule === 'string') return [{ id: sha256Hex(rule).slice(0, 12), text: rule, template: null }];
		const { id, text, template } = (rule ?? {}) as Partial<LearnedRule>;
		return typeof id === 'string' && typeof text === 'string' ? [{ id, text, template: template ?? null }] : [];
	});
}

function promptState({ bundle, learned_rules, model_config }: PromptRow): PromptState {
	const { provider, model, maxOutputTokens } = { ...bundle.model, ...model_config };
	const { effort } = model_config;
	return {
		language: bundle.spec.language,
		learnedRules: learnedRules(learned_rules),
		modelConfig: { provider, model, maxOutputTokens, ...(effort ? { effort } : {}) },
	};
}

/** A version by its id, or the one in service: of the tenant's persona, or of an agent's prompt. Null where there is none. */
export async function readBase(
	db: TenantConnection,
	target: Target,
	versionId: string | null,
	agentId: string | null = null,
): Promise<Base | null> {
	if (target === 'persona') {
		const row = await db.one<{ persona: PersonaRow; is_active: boolean }>(PERSONA, [db.tenantId, versionId]);
		if (!row) return null;
		const state = tuned(personaOf(row.persona));
		return { target, versionId: row.persona.id, state, isActive: row.is_active, agentId: null };
	}
	const row = await db.one<PromptRow>(PROMPT, [db.tenantId, versionId, agentId]);
	if (!row) return null;
	const { id, bundle, is_active: isActive, agent_id: agent } = row;
	return { target, versionId: id, state: promptState(row), bundle, isActive, agentId: agent };
}

const LOCK_TENANT = `select id from tenants where id = $1::uuid for update`;
const LOCK_AGENT = `select id from agents where tenant_id = $1::uuid and id = $2::uuid for update`;
// Everything is copied; what the operations may change comes from the record.
const ADD_PERSONA = `insert into tenant_personas (tenant_id, version, business_type, target_audience, product_service, value_proposition, main_pain_points, solutions_offered,
		service_areas, brand_voice, message_style, ai_classification_prompt, ai_response_prompt, reflection_enabled, ideal_niches, ideal_job_titles, ideal_business_types,
		min_followers, max_followers, positive_keywords, negative_keywords, keyword_weights, threshold_shift, scoring_model_id, parent_id, change_reason, approved_by)
	select p.tenant_id, (select max(n.version) + 1 from tenant_personas n where n.tenant_id = p.tenant_id), p.business_type, p.target_audience, p.product_service,
		p.value_proposition, p.main_pain_points, p.solutions_offered, p.service_areas, p.brand_voice, p.message_style, p.ai_classification_prompt, p.ai_response_prompt,
		p.reflection_enabled, r."idealNiches", r."idealJobTitles", r."idealBusinessTypes", r."minFollowers", r."maxFollowers", r."positiveKeywords", r."negativeKeywords",
		r."keywordWeights", r."thresholdShift", r."scoringModelId", p.id, 'auto_improvement', $4::text
	from tenant_personas p
	cross join jsonb_to_record($3::jsonb) r("idealNiches" text[], "idealJobTitles" text[], "idealBusinessTypes" text[], "minFollowers" integer, "maxFollowers" integer,
		"positiveKeywords" text[], "negativeKeywords" text[], "keywordWeights" jsonb, "thresholdShift" integer, "scoringModelId" uuid)
	where p.tenant_id = $1::uuid and p.id = $2::uuid
	returning id, version`;
const ADD_PROMPT = `insert into system_prompts (tenant_id, location_id, agent_version_id, version, parent_id, prompt_content, prompt_sha256, learned_rules, prompt_name,
		prompt_description, model_config, change_reason, change_summary, metadata, approved_by)
	select p.tenant_id, p.location_id, p.agent_version_id,
		(select max(n.version) + 1 from system_prompts n where n.tenant_id = p.tenant_id and n.agent_version_id = p.agent_version_id), p.id, $3::text, $4::text, $5::jsonb,
		p.prompt_name, p.prompt_description, p.model_config || $6::jsonb, 'auto_improvement', $7::text, p.metadata, $8::text
	from system_prompts p where p.tenant_id = $1::uuid and p.id = $2::uuid
	returning id, version`;

/** Of two that make a version of the same thing the second waits: numbers follow each other. */
export const lockVersions = async (db: TenantConnection, target: Target, agentId: string | null): Promise<void> => {
	await (target === 'persona' ? db.one(LOCK_TENANT, [db.tenantId]) : db.one(LOCK_AGENT, [db.tenantId, agentId]));
};

/** A new version beside the old one, not in service yet. */
export async function addVersion(
	db: TenantConnection,
	base: Base,
	after: Versioned,
	facts: { approvedBy: string | null; summary: string | null },
): Promise<{ id: string; version: number }> {
	const row =
		after.target === 'persona'
			? await db.one<{ id: string; version: number }>(ADD_PERSONA, [
					db.tenantId,
					base.versionId,
					JSON.stringify(after.state),
					facts.approvedBy,
				])
			: await addPrompt(db, base, after.state, facts);
	if (!row) throw new FactoryError('NOT_FOUND', `The version ${base.versionId} is gone.`, { item: base.versionId });
	return { id: row.id, version: row.version };
}

async function addPrompt(
	db: TenantConnection,
	base: Base,
	state: PromptState,
	{ approvedBy, summary }: { approvedBy: string | null; summary: string | null },
): Promise<{ id: string; version: number } | undefined> {
	if (base.target !== 'prompt') return undefined;
	const content = renderPrompt(base.bundle, { learnedRules: state.learnedRules.map(({ text }) => text) });
	return await db.one(ADD_PROMPT, [
		db.tenantId,
		base.versionId,
		content,
		sha256Hex(content),
		JSON.stringify(state.learnedRules),
		JSON.stringify(state.modelConfig),
		summary,
		approvedBy,
	]);
}
