-- breaking: no
-- What people see of the loop: notices and views.

create function notify_rollout_event() returns trigger
language plpgsql
set search_path from current
as $$
declare
	v_type text := case new.kind when 'started' then 'suggestion.applied' when 'advanced' then 'rollout.advanced' when 'promoted' then 'rollout.promoted'
		when 'rolled_back' then 'rollout.rolled_back' when 'halted' then 'rollout.rolled_back' when 'expired' then 'rollout.expired' when 'breaker_opened' then 'breaker.opened' end;
begin
	if v_type is null or (v_type = 'suggestion.applied' and not (get_self_improving_config(new.tenant_id) #>> '{notify,auto_update}')::boolean) then
		return null;
	end if;
	perform notify_tenant(new.tenant_id, v_type, new.id::text, jsonb_build_object('tenantId', new.tenant_id, 'rolloutId', new.rollout_id, 'target', new.target,
		'agentId', new.agent_id, 'step', new.kind, 'reason', new.reason, 'byPerson', new.is_person, 'at', new.created_at));
	return null;
end
$$;
comment on function notify_rollout_event() is 'Trigger: a tenant''s people hear of every step that touches their customers.';
create trigger notify_rollout_event after insert on rollout_events for each row execute function notify_rollout_event();

create function notify_suggestion() returns trigger
language plpgsql
set search_path from current
as $$
declare
	v_notify jsonb := get_self_improving_config(new.tenant_id) -> 'notify';
	v_escalation boolean := new.suggestion_type = 'escalation';
begin
	if (v_notify ->> case when v_escalation then 'escalation' else 'suggestion' end)::boolean then
		perform notify_tenant(new.tenant_id, case when v_escalation then 'suggestion.escalated' else 'suggestion.created' end, new.id::text,
			jsonb_build_object('tenantId', new.tenant_id, 'suggestionId', new.id, 'target', tg_argv[0], 'type', new.suggestion_type, 'operations', jsonb_array_length(new.operations),
				'expiresAt', new.expires_at));
	end if;
	return null;
end
$$;
comment on function notify_suggestion() is 'Trigger: a suggestion that waits for a person, or a task for one, is told of once.';
create trigger notify_suggestion after insert or update of state on improvement_suggestions for each row when (new.state in ('awaiting_approval', 'needs_data')) execute function notify_suggestion('prompt');
create trigger notify_suggestion after insert or update of state on persona_improvement_suggestions for each row when (new.state in ('awaiting_approval', 'needs_data')) execute function notify_suggestion('persona');

create view vw_self_improving_summary with (security_invoker = true) as
	select av.tenant_id, av.id as agent_version_id, av.agent_id, av.agent_name, av.version, sp.version as prompt_version, sp.performance_score as current_score,
		rl.overall_score as last_reflection_score, rl.action_taken as last_action, rl.created_at as last_reflection_at,
		(select count(*) from improvement_suggestions s where s.tenant_id = av.tenant_id and s.agent_version_id = av.id and s.status = 'pending') as pending_suggestions,
		(x.config ->> 'reflection_enabled')::boolean as reflection_enabled, (x.config #>> '{auto_apply,enabled}')::boolean as auto_apply_enabled,
		ro.id as rollout_id, ro.stage as rollout_stage, breaker_of(av.tenant_id, 'prompt', av.agent_id) ->> 'state' as breaker
	from agent_versions av
	left join system_prompts sp on sp.tenant_id = av.tenant_id and sp.agent_version_id = av.id and sp.is_active
	left join lateral (select r.* from reflection_logs r where r.tenant_id = av.tenant_id and r.agent_version_id = av.id and r.status = 'completed' order by r.created_at desc limit 1) rl on true
	left join rollouts ro on ro.tenant_id = av.tenant_id and ro.target = 'prompt' and ro.agent_id = av.agent_id and ro.ended_at is null
	cross join lateral (select get_self_improving_config(av.tenant_id, av.id) as config) x;
comment on view vw_self_improving_summary is 'Where the loop stands for each agent version: scores, last action, what waits, what is tried, breaker.';

create view vw_score_evolution with (security_invoker = true) as
	select r.tenant_id, r.agent_version_id, (r.created_at at time zone t.timezone)::date as date, round(avg(r.overall_score), 2) as avg_score,
		round(avg(r.score_completeness), 2) as avg_completeness, round(avg(r.score_depth), 2) as avg_depth, round(avg(r.score_tone), 2) as avg_tone,
		round(avg(r.score_scope), 2) as avg_scope, round(avg(r.score_missed_opportunities), 2) as avg_missed_opportunities,
		count(*) as reflection_count, count(*) filter (where r.action_taken = 'auto_update') as auto_updates
	from reflection_logs r join tenants t on t.id = r.tenant_id
	where r.status = 'completed'
	group by r.tenant_id, r.agent_version_id, 3;
comment on view vw_score_evolution is 'Mean scores of completed reflections by agent version and day of the tenant''s time zone.';

create view vw_unified_tenant_performance with (security_invoker = true) as
	select t.id as tenant_id, t.name as tenant_name, coalesce(v.leads_30d, 0) as total_leads_30d, v.avg_icp_score_30d as avg_icp_score, coalesce(v.conversions_30d, 0) as conversions_30d,
		p.version as persona_version, p.leads_classified, p.conversion_rate as persona_conversion_rate, p.performance_score as persona_score,
		sp.version as prompt_version, sp.performance_score as prompt_score, sp.total_evaluations as prompt_evaluations,
		rl.overall_score as last_reflection_score, rl.action_taken as last_action,
		(select count(*) from improvement_suggestions s where s.tenant_id = t.id and s.status = 'pending')
			+ (select count(*) from persona_improvement_suggestions s where s.tenant_id = t.id and s.status = 'pending') as pending_suggestions,
		(select count(*) from rollout_events e where e.tenant_id = t.id and e.kind = 'started' and not e.is_person and e.created_at >= now() - interval '30 days') as auto_updates_30d
	from tenants t
	left join vw_tenant_performance v on v.tenant_id = t.id
	left join tenant_personas p on p.tenant_id = t.id and p.is_active
	left join lateral (
		select s.* from system_prompts s join agent_versions av on av.tenant_id = s.tenant_id and av.id = s.agent_version_id and av.is_active
		where s.tenant_id = t.id and s.is_active order by s.activated_at desc limit 1
	) sp on true
	left join lateral (
		select x.* from (
			select r.overall_score, r.action_taken::text, r.created_at from reflection_logs r where r.tenant_id = t.id and r.status = 'completed'
			union all
			select r.overall_score, r.action_taken, r.created_at from persona_reflection_logs r where r.tenant_id = t.id and r.status = 'completed'
		) x order by x.created_at desc limit 1
	) rl on true;
comment on view vw_unified_tenant_performance is 'Leads, persona, prompt and loop of a tenant in one row; of several agents the prompt that went into service last.';

create view webhook_subscriptions with (security_invoker = true) as
	select e.tenant_id, e.id, e.url as webhook_url, to_jsonb(e.event_types) as events, e.disabled_at is null as is_active,
		(select max(d.settled_at) from notification_deliveries d where d.tenant_id = e.tenant_id and d.endpoint_id = e.id) as last_ping_at, e.created_at
	from notification_endpoints e;
comment on view webhook_subscriptions is 'notification_endpoints by the name and columns that others know it by; never the secret.';

create view webhook_delivery_logs with (security_invoker = true) as
	select d.tenant_id, d.id, d.endpoint_id as webhook_id, d.event_type, d.event_key, d.status, d.attempts, d.last_status as response_status, d.last_error as error_message,
		d.settled_at as delivered_at, d.created_at
	from notification_deliveries d;
comment on view webhook_delivery_logs is 'notification_deliveries by the name that others know it by.';

select secure_schema();
