-- breaking: no
-- A person puts an earlier persona or prompt version back in service: one step, whatever ran in between.

create function restore_version(p_tenant_id uuid, p_target text, p_version_id uuid, p_reason text) returns jsonb
language plpgsql
set search_path from current
as $$
declare
	v_actor text := nullif(trim(coalesce(current_setting('agent_factory.actor', true), '')), '');
	v_agent uuid;
	v_is_active boolean;
	v_served boolean;
	v_serving boolean := true;
	v_was uuid;
	v_rollout rollouts;
begin
	if p_target = 'persona' then
		select p.is_active, p.activated_at is not null into v_is_active, v_served from tenant_personas p where p.tenant_id = p_tenant_id and p.id = p_version_id;
	elsif p_target = 'prompt' then
		select s.is_active, s.activated_at is not null, av.agent_id, av.is_active into v_is_active, v_served, v_agent, v_serving
			from system_prompts s join agent_versions av on av.tenant_id = s.tenant_id and av.id = s.agent_version_id where s.tenant_id = p_tenant_id and s.id = p_version_id;
	end if;
	if v_is_active is null then
		raise exception '% version % does not exist', p_target, p_version_id using errcode = 'ZF004';
	elsif v_actor is null then
		raise exception 'only a named person puts a version back in service' using errcode = 'ZF005';
	elsif not v_serving then
		raise exception 'prompt % belongs to an agent version that is not in service: activate that agent version first', p_version_id using errcode = 'ZF005';
	elsif not v_served then
		raise exception 'version % was never in service: a new one goes live through a roll-out', p_version_id using errcode = 'ZF005';
	end if;
	perform lock_target(p_tenant_id, p_target, v_agent);
	select r.* into v_rollout from rollouts r where r.tenant_id = p_tenant_id and r.target = p_target and r.agent_id is not distinct from v_agent and r.ended_at is null;
	if v_rollout.stage = 'active' and p_version_id in (v_rollout.incumbent_persona_id, v_rollout.incumbent_prompt_id) then
		perform move_rollout(p_tenant_id, v_rollout.id, jsonb_build_object('to', 'rolled_back', 'reason', p_reason, 'actor', v_actor, 'isPerson', true));
		return jsonb_build_object('changed', true, 'endedRolloutId', v_rollout.id, 'wasId', coalesce(v_rollout.candidate_persona_id, v_rollout.candidate_prompt_id));
	end if;
	v_was := case p_target when 'persona' then (select p.id from tenant_personas p where p.tenant_id = p_tenant_id and p.is_active)
		else (select s.id from system_prompts s join agent_versions av on av.tenant_id = s.tenant_id and av.id = s.agent_version_id and av.is_active
			where s.tenant_id = p_tenant_id and av.agent_id = v_agent and s.is_active) end;
	if v_was = p_version_id then
		return jsonb_build_object('changed', false, 'endedRolloutId', null, 'wasId', v_was);
	end if;
	-- What is being tried ends by the trigger on the version that goes into service.
	perform serve_version(p_tenant_id, case p_target when 'persona' then p_version_id end, case p_target when 'prompt' then p_version_id end);
	perform record_audit(p_tenant_id, 'version.restored', p_target, p_version_id::text, jsonb_build_object('was', v_was, 'reason', p_reason));
	return jsonb_build_object('changed', true, 'endedRolloutId', v_rollout.id, 'wasId', v_was);
end
$$;
comment on function restore_version(uuid, text, uuid, text) is
	'A person (agent_factory.actor) puts a version that has served before back in service {changed, wasId, endedRolloutId}. A roll-out that runs ends; the incumbent of one that was promoted comes back as its roll-back.';

select secure_schema();
