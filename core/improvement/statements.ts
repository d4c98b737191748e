import type { Target } from './operations';

/** The SQL of both targets: one shape of row, one list of statements. */
interface Statements {
	read: string;
	lock: string;
	list: string;
	add: string;
	move: string;
	expire: string;
	rejections: string;
	queries: string;
}

const SHARED = `s.id, s.reflection_log_id as "reflectionId", s.suggestion_type as type, s.operations, s.suggestion_sha256 as sha256, s.status, s.state,
	s.diff_summary as diff, s.rationale, s.expected_improvement as "expectedEffect", s.risk_assessment as risk, s.focus_areas as "focusAreas", s.lint_result as lint,
	s.gate_result as gate, s.requested_by as "requestedBy", s.reviewer, s.reject_reason as "rejectReason", s.review_notes as "reviewNotes",
	s.created_at as "createdAt", s.expires_at as "expiresAt"`;
const SET = `set state = $3::text, status = $4::text, lint_result = coalesce($5::jsonb, s.lint_result), gate_result = coalesce($6::jsonb, s.gate_result),
	reviewer = coalesce($7::text, s.reviewer), reviewed_at = case when $7::text is null then s.reviewed_at else now() end,
	reject_reason = coalesce($8::text, s.reject_reason), review_notes = coalesce($9::text, s.review_notes),
	applied_at = case when $10::uuid is null then s.applied_at else now() end`;
const OPEN = `('proposed', 'linted', 'gated', 'needs_data', 'awaiting_approval')`;

function statementsOf(table: {
	name: string;
	columns: string;
	applied: string;
	agent: string;
	add: string;
}): Statements {
	const { name, columns, applied, agent } = table;
	const select = `select ${columns}, ${SHARED} from ${name} s`;
	return {
		read: `${select} where s.tenant_id = $1::uuid and s.id = $2::uuid`,
		lock: `${select} where s.tenant_id = $1::uuid and s.id = $2::uuid for update`,
		list: `${select} where s.tenant_id = $1::uuid and ($2::text is null or s.state = $2::text) order by s.created_at desc limit $3::integer`,
		add: `with s as (${table.add}) ${select.replace(`from ${name} s`, 'from s')}`,
		move: `update ${name} s ${SET}, ${applied} = coalesce($10::uuid, s.${applied}) where s.tenant_id = $1::uuid and s.id = $2::uuid returning ${columns}, ${SHARED}`,
		expire: `update ${name} s set state = 'expired', status = 'rejected' where s.tenant_id = $1::uuid and s.id in (
				select d.id from ${name} d where d.tenant_id = $1::uuid and d.state in ${OPEN} and d.expires_at <= now() order by d.expires_at limit $2::integer for update skip locked)
			returning s.id`,
		rejections: `select s.operations, s.reject_reason as reason, s.reviewed_at as at from ${name} s
			where s.tenant_id = $1::uuid and ${agent} and s.reject_reason is not null and s.reviewed_at > now() - make_interval(days => $3::integer)
			order by s.reviewed_at desc limit $4::integer`,
		queries: `select count(*)::integer as n from ${name} s
			where s.tenant_id = $1::uuid and ${agent} and s.gate_result is not null and s.created_at > now() - interval '1 year'`,
	};
}

export const STATEMENTS: Record<Target, Statements> = {
	persona: statementsOf({
		name: 'persona_improvement_suggestions',
		columns: `'persona' as target, null::uuid as "agentId", null::uuid as "agentVersionId", s.persona_id as "baseVersionId", s.applied_persona_id as "appliedVersionId"`,
		applied: 'applied_persona_id',
		agent: '$2::uuid is null',
		add: `insert into persona_improvement_suggestions (tenant_id, persona_id, reflection_log_id, suggestion_type, current_value, suggested_value, diff_summary, rationale,
				expected_improvement, risk_assessment, focus_areas, operations, suggestion_sha256, state, requested_by)
			select $1::uuid, r.base, r.reflection, r.type, r.before, r.after, r.diff, r.rationale, r.expected, r.risk, r.focus, r.operations, r.sha256, r.state, r.by
			from jsonb_to_record($2::jsonb) r(base uuid, reflection uuid, type text, before jsonb, after jsonb, diff text, rationale text, expected text, risk text,
				focus text[], operations jsonb, sha256 text, state text, by text)
			returning *`,
	}),
	prompt: statementsOf({
		name: 'improvement_suggestions',
		columns: `'prompt' as target, s.agent_id as "agentId", s.agent_version_id as "agentVersionId", s.current_prompt_id as "baseVersionId", s.applied_prompt_id as "appliedVersionId"`,
		applied: 'applied_prompt_id',
		agent: 's.agent_id = $2::uuid',
		add: `insert into improvement_suggestions (tenant_id, agent_id, agent_version_id, current_prompt_id, reflection_log_id, suggestion_type, current_value, suggested_value,
				diff_summary, rationale, expected_improvement, risk_assessment, focus_areas, operations, suggestion_sha256, state, requested_by)
			select $1::uuid, v.agent_id, v.id, p.id, r.reflection, r.type, r.before::text, r.after::text, r.diff, r.rationale, r.expected, r.risk, r.focus, r.operations, r.sha256,
				r.state, r.by
			from jsonb_to_record($2::jsonb) r(base uuid, reflection uuid, type text, before jsonb, after jsonb, diff text, rationale text, expected text, risk text,
				focus text[], operations jsonb, sha256 text, state text, by text)
			join system_prompts p on p.tenant_id = $1::uuid and p.id = r.base
			join agent_versions v on v.tenant_id = p.tenant_id and v.id = p.agent_version_id
			returning *`,
	}),
};
