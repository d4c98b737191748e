-- breaking: no
-- Roll-outs and breakers: each step in one transaction with its event, and the evidence by arm.

create function note_rollout_event(p_tenant_id uuid, p_rollout_id uuid, p_target text, p_agent_id uuid, p_kind text, p_actor text, p_is_person boolean, p_reason text, p_evidence jsonb)
returns bigint
language sql
set search_path from current
as $$
	insert into rollout_events (tenant_id, rollout_id, target, agent_id, kind, actor, is_person, reason, evidence)
		values (p_tenant_id, p_rollout_id, p_target, p_agent_id, p_kind, left(p_actor, 200), p_is_person, p_reason, coalesce(p_evidence, '{}')) returning id
$$;
comment on function note_rollout_event(uuid, uuid, text, uuid, text, text, boolean, text, jsonb) is 'Appends one step of a roll-out or breaker.';

create function lock_target(p_tenant_id uuid, p_target text, p_agent_id uuid) returns void
language sql
set search_path from current
as $$
	select pg_advisory_xact_lock(hashtextextended('rollout|' || p_tenant_id || '|' || p_target || '|' || coalesce(p_agent_id::text, ''), 0))
$$;
comment on function lock_target(uuid, text, uuid) is 'Until the end of the transaction nobody else moves a roll-out or breaker of this target.';

create function suggestion_state_of(p_row rollouts) returns table (state text, status text, rolled_back_at timestamptz, reason text)
language sql stable
set search_path from current
as $$
	select case p_row.stage when 'survived' then 'active' when 'halted' then 'rolled_back' else p_row.stage end,
		case when p_row.stage in ('rolled_back', 'halted') then 'rolled_back' when p_row.stage = 'expired' then 'rejected' when p_row.approved_by_person then 'approved' else 'auto_applied' end,
		case when p_row.stage in ('rolled_back', 'halted') then p_row.ended_at end, case when p_row.stage in ('rolled_back', 'halted', 'expired') then p_row.end_reason end
$$;
comment on function suggestion_state_of(rollouts) is 'What a suggestion is called while its roll-out stands where it stands.';

create function follow_suggestion(p_tenant_id uuid, p_rollout_id uuid) returns void
language sql
set search_path from current
as $$
	-- A suggestion's state is that of its roll-out; survived is active still.
	with r as (select * from rollouts where tenant_id = p_tenant_id and id = p_rollout_id), persona as (
		update persona_improvement_suggestions s set state = n.state, status = n.status, rolled_back_at = n.rolled_back_at, rollback_reason = n.reason,
				applied_at = coalesce(s.applied_at, r.started_at), applied_persona_id = r.candidate_persona_id
			from r, suggestion_state_of(r) n where s.tenant_id = r.tenant_id and s.id = r.persona_suggestion_id
	)
	update improvement_suggestions s set state = n.state, status = n.status, rolled_back_at = n.rolled_back_at, rollback_reason = n.reason,
			applied_at = coalesce(s.applied_at, r.started_at), applied_prompt_id = r.candidate_prompt_id
		from r, suggestion_state_of(r) n where s.tenant_id = r.tenant_id and s.id = r.prompt_suggestion_id
$$;
comment on function follow_suggestion(uuid, uuid) is 'Gives a suggestion the state of its roll-out.';

create function start_rollout(p_tenant_id uuid, p_rollout jsonb) returns jsonb
language plpgsql
set search_path from current
as $$
declare
	v_target text := p_rollout ->> 'target';
	v_agent_id uuid := (p_rollout ->> 'agentId')::uuid;
	v_candidate uuid := (p_rollout ->> 'candidateId')::uuid;
	v_suggestion uuid := (p_rollout ->> 'suggestionId')::uuid;
	v_actor text := coalesce(nullif(p_rollout ->> 'actor', ''), 'system');
	v_is_person boolean := coalesce((p_rollout ->> 'isPerson')::boolean, false);
	v_approved boolean := v_is_person or coalesce((p_rollout ->> 'approvedByPerson')::boolean, false);
	v_incumbent uuid;
	v_parent uuid;
	v_version uuid;
	v_breaker text;
	v_can jsonb;
	v_row rollouts;
	v_refused text;
begin
	perform lock_target(p_tenant_id, v_target, v_agent_id);
	if v_target = 'persona' then
		select p.parent_id into v_parent from tenant_personas p where p.tenant_id = p_tenant_id and p.id = v_candidate;
		if not found then
			raise exception 'persona version % does not exist', v_candidate using errcode = 'ZF004';
		end if;
		select p.id into v_incumbent from tenant_personas p where p.tenant_id = p_tenant_id and p.is_active;
	elsif v_target = 'prompt' then
		select s.parent_id, s.agent_version_id into v_parent, v_version from system_prompts s join agent_versions av on av.tenant_id = s.tenant_id and av.id = s.agent_version_id
			where s.tenant_id = p_tenant_id and s.id = v_candidate and av.agent_id = v_agent_id;
		if not found then
			raise exception 'prompt % of agent % does not exist', v_candidate, v_agent_id using errcode = 'ZF004';
		end if;
		select s.id into v_incumbent from system_prompts s join agent_versions av on av.tenant_id = s.tenant_id and av.id = s.agent_version_id and av.is_active
			where s.tenant_id = p_tenant_id and av.agent_id = v_agent_id and s.is_active;
	else
		raise exception 'a roll-out is of a persona or a prompt, not of %', v_target using errcode = 'ZF005';
	end if;

	v_breaker := breaker_of(p_tenant_id, v_target, v_agent_id) ->> 'state';
	v_can := can_run_reflection(p_tenant_id, v_target, v_version);
	v_refused := case
		when exists (select 1 from rollouts r where r.tenant_id = p_tenant_id and r.target = v_target and r.agent_id is not distinct from v_agent_id and r.ended_at is null) then 'already_running'
		when v_incumbent is null or v_parent is distinct from v_incumbent then 'old_version'
		when v_breaker = 'open' then 'breaker_open'
		when v_breaker = 'half_open' and exists (select 1 from rollout_events e where e.tenant_id = p_tenant_id and e.target = v_target
			and e.agent_id is not distinct from v_agent_id and e.kind = 'started' and e.created_at > now() - interval '7 days'
			and e.created_at >= (breaker_of(p_tenant_id, v_target, v_agent_id) ->> 'since')::timestamptz) then 'half_open_limit'
		when not v_approved and coalesce((v_can ->> 'auto_update_blocked')::boolean, true) then coalesce(v_can #>> '{auto_update_reasons,0}', 'auto_apply_off')
	end;
	if v_refused is not null then
		return jsonb_build_object('started', false, 'reason', v_refused);
	end if;
	insert into rollouts (tenant_id, target, agent_id, incumbent_persona_id, candidate_persona_id, incumbent_prompt_id, candidate_prompt_id,
			persona_suggestion_id, prompt_suggestion_id, started_by, approved_by_person)
		values (p_tenant_id, v_target, v_agent_id, case v_target when 'persona' then v_incumbent end, case v_target when 'persona' then v_candidate end,
			case v_target when 'prompt' then v_incumbent end, case v_target when 'prompt' then v_candidate end,
			case v_target when 'persona' then v_suggestion end, case v_target when 'prompt' then v_suggestion end, left(v_actor, 200), v_approved)
		returning * into v_row;
	if v_approved then
		update tenant_personas set approved_by = coalesce(approved_by, nullif(p_rollout ->> 'approvedBy', ''), v_actor) where tenant_id = p_tenant_id and id = v_row.candidate_persona_id;
		update system_prompts set approved_by = coalesce(approved_by, nullif(p_rollout ->> 'approvedBy', ''), v_actor) where tenant_id = p_tenant_id and id = v_row.candidate_prompt_id;
	end if;
	perform follow_suggestion(p_tenant_id, v_row.id);
	perform note_rollout_event(p_tenant_id, v_row.id, v_target, v_agent_id, 'started', v_actor, v_is_person, case when v_approved then 'approved' else 'auto_apply' end, p_rollout -> 'evidence');
	perform record_audit(p_tenant_id, 'rollout.started', 'rollout', v_row.id::text, jsonb_build_object('target', v_target, 'share', v_row.share, 'by', v_actor));
	return jsonb_build_object('started', true, 'rolloutId', v_row.id, 'incumbentId', v_incumbent, 'share', v_row.share);
end
$$;
comment on function start_rollout(uuid, jsonb) is
	'Starts a candidate {target, agentId, candidateId, suggestionId, actor, isPerson, approvedByPerson, approvedBy} on a tenth of the people. Refused with a reason: already_running, old_version, breaker_open, half_open_limit, and for what no person approved auto_apply_off, daily_cap, cooldown.';

create function serve_version(p_tenant_id uuid, p_persona_id uuid, p_prompt_id uuid) returns void
language sql
set search_path from current
as $$
	update tenant_personas set is_active = true where tenant_id = p_tenant_id and id = p_persona_id and not is_active;
	update system_prompts set is_active = true where tenant_id = p_tenant_id and id = p_prompt_id and not is_active
$$;
comment on function serve_version(uuid, uuid, uuid) is 'Makes a persona or a prompt version the one in service: one switch, nothing else changes.';

create function move_rollout(p_tenant_id uuid, p_rollout_id uuid, p_move jsonb) returns jsonb
language plpgsql
set search_path from current
as $$
declare
	v_to text := p_move ->> 'to';
	v_actor text := coalesce(nullif(p_move ->> 'actor', ''), 'system');
	v_is_person boolean := coalesce((p_move ->> 'isPerson')::boolean, false);
	v_stops constant text[] := array['rolled_back', 'expired', 'halted'];
	v_was text;
	v_row rollouts;
begin
	select * into v_row from rollouts r where r.tenant_id = p_tenant_id and r.id = p_rollout_id;
	if not found then
		raise exception 'roll-out % does not exist', p_rollout_id using errcode = 'ZF004';
	end if;
	perform lock_target(p_tenant_id, v_row.target, v_row.agent_id);
	select * into v_row from rollouts r where r.tenant_id = p_tenant_id and r.id = p_rollout_id for update;
	v_was := v_row.stage;
	if v_row.ended_at is not null then
		return jsonb_build_object('moved', false, 'reason', 'ended', 'stage', v_was);
	elsif v_to = 'held' then
		if not v_is_person then
			raise exception 'only a person holds a roll-out' using errcode = 'ZF005';
		end if;
		update rollouts set held_by = left(v_actor, 200) where tenant_id = p_tenant_id and id = p_rollout_id;
		perform note_rollout_event(p_tenant_id, p_rollout_id, v_row.target, v_row.agent_id, 'held', v_actor, true, coalesce(p_move ->> 'reason', 'held'), p_move -> 'evidence');
		return jsonb_build_object('moved', true, 'stage', v_was, 'was', v_was, 'share', v_row.share);
	elsif not coalesce((v_was = 'canary10' and v_to in ('canary50', 'rolled_back', 'expired', 'halted')) or (v_was = 'canary50' and v_to in ('active', 'rolled_back', 'expired', 'halted'))
		or (v_was = 'active' and v_to in ('survived', 'rolled_back', 'halted')), false) then
		return jsonb_build_object('moved', false, 'reason', 'no_such_step', 'stage', v_was);
	elsif v_row.held_by is not null and not v_is_person and not v_to = any (v_stops) then
		return jsonb_build_object('moved', false, 'reason', 'held', 'stage', v_was);
	elsif v_to = 'canary50' and breaker_of(p_tenant_id, v_row.target, v_row.agent_id) ->> 'state' = 'half_open' and v_row.started_at > now() - interval '7 days' then
		return jsonb_build_object('moved', false, 'reason', 'half_open_limit', 'stage', v_was);
	end if;
	update rollouts r set stage = v_to, share = case v_to when 'canary50' then 0.5 when 'active' then 1 when 'survived' then 1 else 0 end, stage_since = now(),
			promoted_at = case v_to when 'active' then now() else r.promoted_at end, evidence = coalesce(p_move -> 'evidence', r.evidence),
			ended_at = case when v_to in ('survived', 'rolled_back', 'expired', 'halted') then now() end,
			end_reason = case when v_to in ('survived', 'rolled_back', 'expired', 'halted') then coalesce(p_move ->> 'reason', v_to) end
		where r.tenant_id = p_tenant_id and r.id = p_rollout_id returning * into v_row;
	if v_to = 'active' then
		perform serve_version(p_tenant_id, v_row.candidate_persona_id, v_row.candidate_prompt_id);
	elsif v_was = 'active' and v_to = any (v_stops) then
		perform serve_version(p_tenant_id, v_row.incumbent_persona_id, v_row.incumbent_prompt_id);
	end if;
	perform follow_suggestion(p_tenant_id, p_rollout_id);
	perform note_rollout_event(p_tenant_id, p_rollout_id, v_row.target, v_row.agent_id,
		case v_to when 'canary50' then 'advanced' when 'active' then 'promoted' else v_to end, v_actor, v_is_person, coalesce(p_move ->> 'reason', v_to), p_move -> 'evidence');
	perform record_audit(p_tenant_id, 'rollout.' || v_to, 'rollout', p_rollout_id::text, jsonb_build_object('target', v_row.target, 'from', v_was, 'reason', p_move ->> 'reason', 'by', v_actor));
	return jsonb_build_object('moved', true, 'stage', v_to, 'was', v_was, 'share', v_row.share);
end
$$;
comment on function move_rollout(uuid, uuid, jsonb) is
	'One step {to: canary50, active, survived, rolled_back, expired, halted or held, reason, evidence, actor, isPerson}: a machine may stop what a person holds, never move it on. Promoting and rolling back are one switch of the version in service.';

create function approved_ancestor(p_tenant_id uuid, p_target text, p_agent_id uuid) returns uuid
language sql stable
set search_path from current
as $$
	with recursive back as (
		select p.id, p.parent_id, p.change_reason <> 'auto_improvement' or p.approved_by is not null as approved, 1 as depth
			from tenant_personas p where p_target = 'persona' and p.tenant_id = p_tenant_id and p.is_active
		union all
		select p.id, p.parent_id, p.change_reason <> 'auto_improvement' or p.approved_by is not null, b.depth + 1
			from back b join tenant_personas p on p.tenant_id = p_tenant_id and p.id = b.parent_id where not b.approved and b.depth < 1000
	), back_prompt as (
		select s.id, s.parent_id, s.change_reason is distinct from 'auto_improvement' or s.approved_by is not null as approved, 1 as depth
			from system_prompts s join agent_versions av on av.tenant_id = s.tenant_id and av.id = s.agent_version_id and av.is_active
			where p_target = 'prompt' and s.tenant_id = p_tenant_id and av.agent_id = p_agent_id and s.is_active
		union all
		select s.id, s.parent_id, s.change_reason is distinct from 'auto_improvement' or s.approved_by is not null, b.depth + 1
			from back_prompt b join system_prompts s on s.tenant_id = p_tenant_id and s.id = b.parent_id where not b.approved and b.depth < 1000
	)
	select id from (select * from back union all select * from back_prompt) v where v.approved order by v.depth limit 1
$$;
comment on function approved_ancestor(uuid, text, uuid) is 'The newest version, from the one in service back, that a person wrote or approved.';

create function set_breaker(p_tenant_id uuid, p_target text, p_agent_id uuid, p_change jsonb) returns jsonb
language plpgsql
set search_path from current
as $$
declare
	v_to text := p_change ->> 'to';
	v_actor text := coalesce(nullif(p_change ->> 'actor', ''), 'system');
	v_is_person boolean := coalesce((p_change ->> 'isPerson')::boolean, false);
	v_state text;
	v_rollout uuid;
	v_restored uuid;
begin
	perform lock_target(p_tenant_id, p_target, p_agent_id);
	v_state := breaker_of(p_tenant_id, p_target, p_agent_id) ->> 'state';
	if v_to not in ('open', 'half_open', 'closed') or v_to is null then
		raise exception 'a breaker is open, half_open or closed' using errcode = 'ZF005';
	elsif v_to <> 'open' and (not v_is_person or p_change ->> 'actor' is null) then
		raise exception 'only a named person closes a breaker' using errcode = 'ZF005';
	elsif v_state = v_to or (v_to = 'closed' and v_state = 'open') or (v_to = 'half_open' and v_state = 'closed') then
		return jsonb_build_object('changed', false, 'state', v_state);
	end if;
	if v_to = 'open' then
		select r.id into v_rollout from rollouts r
			where r.tenant_id = p_tenant_id and r.target = p_target and r.agent_id is not distinct from p_agent_id and r.ended_at is null;
		if found then
			perform move_rollout(p_tenant_id, v_rollout, jsonb_build_object('to', 'halted', 'reason', 'breaker_opened', 'actor', v_actor, 'isPerson', v_is_person));
		end if;
		-- Never below what a person last approved.
		v_restored := approved_ancestor(p_tenant_id, p_target, p_agent_id);
		perform serve_version(p_tenant_id, case p_target when 'persona' then v_restored end, case p_target when 'prompt' then v_restored end);
	end if;
	perform note_rollout_event(p_tenant_id, v_rollout, p_target, p_agent_id, case v_to when 'open' then 'breaker_opened' when 'half_open' then 'breaker_half_open' else 'breaker_closed' end,
		v_actor, v_is_person, coalesce(p_change ->> 'reason', v_to), p_change -> 'evidence');
	perform record_audit(p_tenant_id, 'breaker.' || v_to, case p_target when 'prompt' then 'agent' else 'tenant' end, coalesce(p_agent_id, p_tenant_id)::text,
		jsonb_build_object('target', p_target, 'reason', p_change ->> 'reason', 'by', v_actor));
	return jsonb_build_object('changed', true, 'state', v_to, 'restoredId', v_restored, 'haltedRolloutId', v_rollout);
end
$$;
comment on function set_breaker(uuid, text, uuid, jsonb) is
	'Opens a breaker {to: open, reason, actor}, which ends the running roll-out and puts the last version that a person approved back in service; half_open and closed are a named person''s alone, in this order.';

create function end_rollouts_of_replaced() returns trigger
language plpgsql
set search_path from current
as $$
declare
	v_row record;
begin
	-- Somebody put another version in service: what was tried is tried no longer.
	for v_row in
		select r.id from rollouts r where r.tenant_id = new.tenant_id and r.ended_at is null and case tg_table_name
			when 'tenant_personas' then r.target = 'persona' and new.id not in (r.incumbent_persona_id, r.candidate_persona_id)
			when 'system_prompts' then r.target = 'prompt' and new.id not in (r.incumbent_prompt_id, r.candidate_prompt_id)
				and r.agent_id = (select av.agent_id from agent_versions av where av.tenant_id = new.tenant_id and av.id = (to_jsonb(new) ->> 'agent_version_id')::uuid and av.is_active)
			else r.target = 'prompt' and r.agent_id = (to_jsonb(new) ->> 'agent_id')::uuid
				and not exists (select 1 from system_prompts s where s.tenant_id = r.tenant_id and s.id = r.candidate_prompt_id and s.agent_version_id = new.id) end
	loop
		update rollouts set stage = 'halted', share = 0, stage_since = now(), ended_at = now(), end_reason = 'incumbent_replaced' where tenant_id = new.tenant_id and id = v_row.id;
		perform follow_suggestion(new.tenant_id, v_row.id);
		perform note_rollout_event(r.tenant_id, r.id, r.target, r.agent_id, 'halted', coalesce(nullif(current_setting('agent_factory.actor', true), ''), 'system'), false, 'incumbent_replaced', '{}')
			from rollouts r where r.tenant_id = new.tenant_id and r.id = v_row.id;
	end loop;
	return null;
end
$$;
comment on function end_rollouts_of_replaced() is 'Trigger: a roll-out ends when a version that is neither of its two goes into service.';
create trigger end_rollouts_of_replaced after update of is_active on tenant_personas for each row when (new.is_active and not old.is_active) execute function end_rollouts_of_replaced();
create trigger end_rollouts_of_replaced after update of is_active on system_prompts for each row when (new.is_active and not old.is_active) execute function end_rollouts_of_replaced();
create trigger end_rollouts_of_replaced after update of is_active on agent_versions for each row when (new.is_active and not old.is_active) execute function end_rollouts_of_replaced();

create function rollout_evidence(p_tenant_id uuid, p_rollout_id uuid, p_limit integer default 20000) returns jsonb
language sql stable
set search_path from current
as $$
	with r as (select * from rollouts where tenant_id = p_tenant_id and id = p_rollout_id), person as (
		select a.contact_id, a.arm, a.share, a.assigned_at, k.opted_out_at > a.assigned_at as opted_out, c.hot_at
		from r join rollout_arms a on a.tenant_id = r.tenant_id and a.rollout_id = r.id
		join contacts k on k.tenant_id = a.tenant_id and k.id = a.contact_id
		left join lateral (
			select min(x.created_at) filter (where x.classification = 'LEAD_HOT') as hot_at, bool_or(x.injection_flagged) as flagged
			from leads l join classified_leads x on x.tenant_id = l.tenant_id and x.lead_id = l.id
			where l.tenant_id = a.tenant_id and l.contact_id = a.contact_id and x.created_at >= a.assigned_at
		) c on true
		where not coalesce(c.flagged, false)
		order by a.assigned_at limit p_limit
	), label as (
		-- The newest word of a seller, or that the lead was won, whichever came: once a person.
		select p.arm, p.hot_at, o.y, o.at
		from person p join leads l on l.tenant_id = p_tenant_id and l.contact_id = p.contact_id
		join lateral (
			select case when bool_or(x.kind in ('opportunity', 'client')) then 1 else (array_agg((x.kind = 'bom')::integer order by x.happened_at desc, x.id desc))[1] end as y, max(x.happened_at) as at
			from lead_outcomes x where x.tenant_id = p_tenant_id and x.lead_id = l.id and x.happened_at >= p.assigned_at and (x.tier in (1, 2) or x.kind in ('client', 'rejected'))
		) o on o.y is not null
	), arms as (
		select p.arm, count(*) as people, count(p.hot_at) as hot, count(*) filter (where p.opted_out) as opt_outs from person p group by p.arm
	), work as (
		select p.arm, count(*) as turns, count(*) filter (where t.outcome = 'failed') as failed, count(*) filter (where t.checks @> '[{"check": "prompt_leak", "fired": true}]') as leaks,
			percentile_cont(0.95) within group (order by extract(epoch from t.finished_at - t.received_at)) as p95_seconds
		from person p join conversations c on c.tenant_id = p_tenant_id and c.contact_id = p.contact_id
		join turns t on t.tenant_id = c.tenant_id and t.conversation_id = c.id and t.finished_at >= p.assigned_at
		group by p.arm
	), cost as (
		select p.arm, sum(u.cost_usd) as usd
		from person p join conversations c on c.tenant_id = p_tenant_id and c.contact_id = p.contact_id
		join llm_usage u on u.tenant_id = c.tenant_id and u.conversation_id = c.id and u.created_at >= p.assigned_at
		group by p.arm
	)
	select jsonb_build_object('rolloutId', r.id, 'target', r.target, 'agentId', r.agent_id, 'stage', r.stage, 'share', r.share, 'startedAt', r.started_at, 'stageSince', r.stage_since,
		'promotedAt', r.promoted_at, 'heldBy', r.held_by, 'approvedByPerson', r.approved_by_person, 'now', now(), 'breaker', breaker_of(p_tenant_id, r.target, r.agent_id) ->> 'state',
		'arms', coalesce((select jsonb_object_agg(a.arm, jsonb_build_object('people', a.people, 'hot', a.hot, 'optOuts', a.opt_outs, 'turns', coalesce(w.turns, 0),
			'failed', coalesce(w.failed, 0), 'leaks', coalesce(w.leaks, 0), 'p95Seconds', w.p95_seconds, 'costUsd', coalesce(c.usd, 0)))
			from arms a left join work w using (arm) left join cost c using (arm)), '{}'),
		'gainShown', coalesce((select s.gate_result ->> 'verdict' = 'pass' from persona_improvement_suggestions s where s.tenant_id = r.tenant_id and s.id = r.persona_suggestion_id),
			(select s.gate_result ->> 'verdict' = 'pass' from improvement_suggestions s where s.tenant_id = r.tenant_id and s.id = r.prompt_suggestion_id), false),
		-- How each share was dealt; at 1 there is nothing to deal.
		'deals', coalesce((select jsonb_agg(jsonb_build_object('share', d.share, 'incumbent', d.incumbent, 'candidate', d.candidate)) from (
			select p.share, count(*) filter (where p.arm = 'incumbent') as incumbent, count(*) filter (where p.arm = 'candidate') as candidate
			from person p where p.share < 1 group by p.share) d), '[]'),
		'events', coalesce((select jsonb_agg(jsonb_build_object('kind', e.kind, 'at', e.created_at, 'rolloutId', e.rollout_id, 'isPerson', e.is_person, 'reason', e.reason) order by e.id) from (
			select * from rollout_events e where e.tenant_id = r.tenant_id and e.target = r.target and e.agent_id is not distinct from r.agent_id order by e.id desc limit 200) e), '[]'),
		'hotLabels', coalesce((select jsonb_agg(jsonb_build_array(l.arm, l.y) order by l.at) from label l where l.hot_at is not null), '[]'),
		'labels', coalesce((select jsonb_agg(jsonb_build_array(l.arm, l.y) order by l.at) from label l), '[]'))
	from r
$$;
comment on function rollout_evidence(uuid, uuid, integer) is
	'What a roll-out has shown: people, HOT, opt-outs, turns, failures, leaks of the prompt, latency and cost by arm, how the shares were dealt, the target''s newest events, and the outcomes of people in the order in which they became known ([arm, 0 or 1]; hotLabels: of those called HOT). Flagged people count in neither.';

create function due_rollouts(p_limit integer) returns table (tenant_id uuid, rollout_id uuid)
language sql stable
security definer
set search_path from current
as $$
	select r.tenant_id, r.id from rollouts r where r.ended_at is null order by r.stage_since, r.id limit least(p_limit, 1000)
$$;
comment on function due_rollouts(integer) is 'Running roll-outs of all tenants, for the hourly look.';

select secure_schema();
