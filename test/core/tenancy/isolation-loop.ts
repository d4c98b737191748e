import { createHash } from 'node:crypto';
import type { Pool } from 'pg';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const VERSIONS = `with persona as (
		insert into tenant_personas (tenant_id, version, brand_voice, parent_id, change_reason)
			select tenant_id, version + 1, $2, id, 'auto_improvement' from tenant_personas where tenant_id = $1 and is_active returning id, parent_id
	), prompt as (
		insert into system_prompts (tenant_id, agent_version_id, version, parent_id, prompt_content, prompt_sha256, change_reason)
			select s.tenant_id, s.agent_version_id, s.version + 1, s.id, $2, $3, 'auto_improvement'
			from system_prompts s join agent_versions av on av.tenant_id = s.tenant_id and av.id = s.agent_version_id and av.is_active
			where s.tenant_id = $1 and s.is_active returning id, parent_id, agent_version_id
	)
	select p.id as persona, p.parent_id as old_persona, s.id as prompt, s.parent_id as old_prompt, s.agent_version_id as version, av.agent_id as agent
	from persona p, prompt s join agent_versions av on av.tenant_id = $1 and av.id = s.agent_version_id`;
const SETTINGS = `insert into self_improving_settings (tenant_id, location_id, notification_emails) values ($1, $2::text, array[$2::text || '@example.com'])`;
const REFLECTIONS = `with prompt as (
		insert into reflection_logs (tenant_id, agent_id, agent_version_id, system_prompt_id, period_start, period_end, status, error_message, cycle_key)
			values ($1, $4, $5, $6, now() - interval '1 day', now(), 'completed', $2, $3)
	)
	insert into persona_reflection_logs (tenant_id, persona_id, period_start, period_end, status, error_message, cycle_key)
		values ($1, $7, now() - interval '1 day', now(), 'completed', $2, $3)`;
const SUGGESTIONS = `with prompt as (
		insert into improvement_suggestions (tenant_id, agent_id, agent_version_id, current_prompt_id, suggestion_type, rationale, suggestion_sha256, state)
			values ($1, $4, $5, $6, 'prompt_update', $2, $3, 'approved') returning id
	), persona as (
		insert into persona_improvement_suggestions (tenant_id, persona_id, suggestion_type, rationale, suggestion_sha256, state)
			values ($1, $7, 'keywords_update', $2, $3, 'approved') returning id
	), link as (
		insert into approval_links (tenant_id, prompt_suggestion_id, suggestion_sha256, token_sha256, person, expires_at)
			select $1, id, $3, $3, $2, now() + interval '1 day' from prompt
	)
	select prompt.id as prompt, persona.id as persona from prompt, persona`;
const JUDGED = `with verdict as (
		insert into judge_verdicts (tenant_id, verdict_key, conversation_id, result, model, rubric_version)
			select $1, $3, id, '{}', $2, '1' from conversations where tenant_id = $1 limit 1
	)
	insert into golden_items (tenant_id, conversation_id, labels, labelled_by) select $1, id, '{}', $2 from conversations where tenant_id = $1 limit 1`;
const ROLLOUTS = `insert into rollouts (tenant_id, target, agent_id, incumbent_persona_id, candidate_persona_id, persona_suggestion_id, incumbent_prompt_id, candidate_prompt_id,
		prompt_suggestion_id, started_by, approved_by_person, share)
	values ($1, 'persona', null, $3, $4, $5, null, null, null, $2, true, 0.99), ($1, 'prompt', $6, null, null, null, $7, $8, $9, $2, true, 0.99)`;
const ARMS = `insert into rollout_arms (tenant_id, rollout_id, contact_id, arm, share)
	select r.tenant_id, r.id, c.id, 'candidate', 0.99 from rollouts r join contacts c on c.tenant_id = r.tenant_id where r.tenant_id = $1`;
const EVENTS = `insert into rollout_events (tenant_id, rollout_id, target, agent_id, kind, actor, is_person, reason)
	select tenant_id, id, target, agent_id, 'started', $2, true, 'approved' from rollouts where tenant_id = $1`;

/** A reflection, a suggestion, a link and a running roll-out of the tenant's persona and of its agent's prompt. */
export async function improveOnce(admin: Pool, tenantId: string, mark: string): Promise<void> {
	const client = await admin.connect();
	const run = async (sql: string, ...values: unknown[]): Promise<Record<string, string>> =>
		(await client.query<Record<string, string>>(sql, [tenantId, mark, ...values])).rows[0];
	try {
		await client.query('set search_path = agent_factory');
		const made = await run(VERSIONS, sha256(mark));
		const hash = sha256(`${mark} suggestion`);
		await run(SETTINGS);
		await run(REFLECTIONS, hash, made.agent, made.version, made.old_prompt, made.old_persona);
		const suggestions = await run(SUGGESTIONS, hash, made.agent, made.version, made.old_prompt, made.old_persona);
		await run(JUDGED, hash);
		await run(
			ROLLOUTS,
			...[made.old_persona, made.persona, suggestions.persona],
			...[made.agent, made.old_prompt, made.prompt, suggestions.prompt],
		);
		await client.query(ARMS, [tenantId]);
		await run(EVENTS);
	} finally {
		await client.query('reset search_path');
		client.release();
	}
}
