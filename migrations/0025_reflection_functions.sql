-- breaking: no
-- The loop's functions: settings, what may run, who meets which version, every step of a roll-out in one transaction, breakers, evidence, views.

create function get_self_improving_config(p_tenant_id uuid, p_agent_version_id uuid default null) returns jsonb
language sql stable
set search_path from current
as $$
	-- A new version of an agent goes by what its predecessor was given, until it is given its own.
	with found as (
		select s.* from self_improving_settings s
		left join agent_versions av on av.tenant_id = s.tenant_id and av.id = s.agent_version_id
		left join agent_versions asked on asked.tenant_id = p_tenant_id and asked.id = p_agent_version_id
		where s.tenant_id = p_tenant_id and (s.agent_version_id is null or av.agent_id = asked.agent_id)
		order by s.agent_version_id is not distinct from p_agent_version_id desc, av.created_at desc nulls last limit 1
	), row as (
		select f.* from (select 1) one left join found f on true
	)
	select jsonb_build_object('reflection_enabled', coalesce(reflection_enabled, true), 'reflection_interval_hours', coalesce(reflection_interval_hours, 6),
			'min_conversations_for_reflection', coalesce(min_conversations_for_reflection, 40),
			'thresholds', jsonb_build_object('none', coalesce(threshold_none, 4.00), 'suggestion', coalesce(threshold_suggestion, 3.00), 'auto_update', coalesce(threshold_auto_update, 2.00)),
			'auto_apply', jsonb_build_object('enabled', coalesce(auto_apply_enabled, false), 'min_confidence', coalesce(auto_apply_min_confidence, 0.85),
				'max_score_drop', coalesce(auto_apply_max_score_drop, 0.50)),
			'require_approval_below_confidence', coalesce(require_approval_below_confidence, 0.80), 'max_updates_per_day', coalesce(max_updates_per_day, 3),
			'cooldown_after_update_hours', coalesce(cooldown_after_update_hours, 6))
		|| jsonb_build_object('notify', jsonb_build_object('suggestion', coalesce(notify_on_suggestion, true), 'auto_update', coalesce(notify_on_auto_update, true),
				'escalation', coalesce(notify_on_escalation, true), 'emails', coalesce(notification_emails, '{}'), 'webhook_url', notification_webhook_url),
			'evaluator', jsonb_build_object('provider', coalesce(evaluator_provider, 'anthropic'), 'api', coalesce(evaluator_api, 'messages'),
				'model', coalesce(evaluator_model, 'claude-sonnet-5-5')),
			'sample_size', coalesce(sample_size, 60), 'horizon_days', horizon_days, 'spend_ceiling_usd', coalesce(spend_ceiling_usd, 20.00))
	from row
$$;
comment on function get_self_improving_config(uuid, uuid) is
	'The loop''s settings of an agent version: its own row, else that of another version of the same agent, else the tenant''s default, else the defaults. Without a version: the tenant''s, which are its persona''s too.';

create function save_self_improving_settings(p_tenant_id uuid, p_agent_version_id uuid, p_settings jsonb) returns void
language sql
set search_path from current
as $$
	-- What is not given stays as it holds now, from wherever it came.
	with held as (
		select get_self_improving_config(p_tenant_id, p_agent_version_id) as c
	), flat as (
		select jsonb_build_object('thresholdNone', held.c #> '{thresholds,none}', 'thresholdSuggestion', held.c #> '{thresholds,suggestion}',
			'thresholdAutoUpdate', held.c #> '{thresholds,auto_update}', 'autoApplyEnabled', held.c #> '{auto_apply,enabled}',
			'autoApplyMinConfidence', held.c #> '{auto_apply,min_confidence}', 'autoApplyMaxScoreDrop', held.c #> '{auto_apply,max_score_drop}',
			'notifyOnSuggestion', held.c #> '{notify,suggestion}', 'notifyOnAutoUpdate', held.c #> '{notify,auto_update}', 'notifyOnEscalation', held.c #> '{notify,escalation}',
			'notificationEmails', held.c #> '{notify,emails}', 'notificationWebhookUrl', held.c #> '{notify,webhook_url}', 'evaluatorProvider', held.c #> '{evaluator,provider}',
			'evaluatorApi', held.c #> '{evaluator,api}', 'evaluatorModel', held.c #> '{evaluator,model}', 'reflectionEnabled', held.c -> 'reflection_enabled')
			|| jsonb_build_object('reflectionIntervalHours', held.c -> 'reflection_interval_hours', 'minConversationsForReflection', held.c -> 'min_conversations_for_reflection',
			'maxUpdatesPerDay', held.c -> 'max_updates_per_day', 'cooldownAfterUpdateHours', held.c -> 'cooldown_after_update_hours',
			'requireApprovalBelowConfidence', held.c -> 'require_approval_below_confidence', 'sampleSize', held.c -> 'sample_size', 'horizonDays', held.c -> 'horizon_days',
			'spendCeilingUsd', held.c -> 'spend_ceiling_usd') || p_settings as s
		from held
	)
	insert into self_improving_settings (tenant_id, agent_version_id, reflection_enabled, reflection_interval_hours, min_conversations_for_reflection, threshold_none, threshold_suggestion, threshold_auto_update,
			max_updates_per_day, cooldown_after_update_hours, require_approval_below_confidence, auto_apply_enabled, auto_apply_min_confidence,
			auto_apply_max_score_drop, notify_on_suggestion, notify_on_auto_update, notify_on_escalation, notification_emails, notification_webhook_url,
			evaluator_provider, evaluator_api, evaluator_model, sample_size, horizon_days, spend_ceiling_usd)
		select p_tenant_id, p_agent_version_id, n."reflectionEnabled", n."reflectionIntervalHours", n."minConversationsForReflection", n."thresholdNone", n."thresholdSuggestion",
			n."thresholdAutoUpdate", n."maxUpdatesPerDay", n."cooldownAfterUpdateHours", n."requireApprovalBelowConfidence", n."autoApplyEnabled",
			n."autoApplyMinConfidence", n."autoApplyMaxScoreDrop", n."notifyOnSuggestion", n."notifyOnAutoUpdate", n."notifyOnEscalation", n."notificationEmails",
			n."notificationWebhookUrl", n."evaluatorProvider", n."evaluatorApi", n."evaluatorModel", n."sampleSize", n."horizonDays", n."spendCeilingUsd"
		from flat, jsonb_to_record(flat.s) n("reflectionEnabled" boolean, "reflectionIntervalHours" integer, "minConversationsForReflection" integer, "thresholdNone" numeric,
			"thresholdSuggestion" numeric, "thresholdAutoUpdate" numeric, "maxUpdatesPerDay" integer, "cooldownAfterUpdateHours" integer,
			"requireApprovalBelowConfidence" numeric, "autoApplyEnabled" boolean, "autoApplyMinConfidence" numeric, "autoApplyMaxScoreDrop" numeric,
			"notifyOnSuggestion" boolean, "notifyOnAutoUpdate" boolean, "notifyOnEscalation" boolean, "notificationEmails" text[], "notificationWebhookUrl" text,
			"evaluatorProvider" text, "evaluatorApi" text, "evaluatorModel" text, "sampleSize" integer, "horizonDays" integer, "spendCeilingUsd" numeric)
		on conflict (tenant_id, agent_version_id) do update set reflection_enabled = excluded.reflection_enabled, reflection_interval_hours = excluded.reflection_interval_hours,
			min_conversations_for_reflection = excluded.min_conversations_for_reflection, threshold_none = excluded.threshold_none,
			threshold_suggestion = excluded.threshold_suggestion, threshold_auto_update = excluded.threshold_auto_update,
			max_updates_per_day = excluded.max_updates_per_day, cooldown_after_update_hours = excluded.cooldown_after_update_hours,
			require_approval_below_confidence = excluded.require_approval_below_confidence, auto_apply_enabled = excluded.auto_apply_enabled,
			auto_apply_min_confidence = excluded.auto_apply_min_confidence, auto_apply_max_score_drop = excluded.auto_apply_max_score_drop,
			notify_on_suggestion = excluded.notify_on_suggestion, notify_on_auto_update = excluded.notify_on_auto_update,
			notify_on_escalation = excluded.notify_on_escalation, notification_emails = excluded.notification_emails,
			notification_webhook_url = excluded.notification_webhook_url, evaluator_provider = excluded.evaluator_provider, evaluator_api = excluded.evaluator_api,
			evaluator_model = excluded.evaluator_model, sample_size = excluded.sample_size, horizon_days = excluded.horizon_days,
			spend_ceiling_usd = excluded.spend_ceiling_usd;
	select record_audit(p_tenant_id, 'loop.settings_changed', case when p_agent_version_id is null then 'tenant' else 'agent_version' end,
		coalesce(p_agent_version_id, p_tenant_id)::text, p_settings - 'notificationEmails')
$$;
comment on function save_self_improving_settings(uuid, uuid, jsonb) is 'Changes the loop''s settings of an agent version, or the tenant''s (null), by the camelCase names of core/reflection; what is not given stays.';

create function breaker_of(p_tenant_id uuid, p_target text, p_agent_id uuid) returns jsonb
language sql stable
set search_path from current
as $$
	with last as (
		select e.* from rollout_events e
		where e.tenant_id = p_tenant_id and e.target = p_target and e.agent_id is not distinct from p_agent_id and e.kind like 'breaker\_%'
		order by e.id desc limit 1
	)
	select jsonb_build_object('state', case l.kind when 'breaker_opened' then 'open'
			-- One change that lived is what ends a trial.
			when 'breaker_half_open' then case when exists (select 1 from rollout_events s where s.tenant_id = p_tenant_id and s.target = p_target
				and s.agent_id is not distinct from p_agent_id and s.kind = 'survived' and s.id > l.id) then 'closed' else 'half_open' end
			else 'closed' end, 'since', l.created_at, 'reason', l.reason, 'by', l.actor)
	from (select 1) one left join last l on true
$$;
comment on function breaker_of(uuid, text, uuid) is 'Whether the loop may change a target live: closed yes, open no, half_open one change a week, in a tenth. The last breaker event says.';

create function loop_spend(p_tenant_id uuid) returns numeric
language sql stable
set search_path from current
as $$
	select coalesce(sum(u.cost_usd), 0) from llm_usage u join tenants t on t.id = u.tenant_id
	where u.tenant_id = p_tenant_id and u.purpose in ('judge', 'propose')
		and u.created_at >= date_trunc('month', now() at time zone t.timezone) at time zone t.timezone
$$;
comment on function loop_spend(uuid) is 'US dollars that judging and proposing have cost this calendar month of the tenant.';
create index idx_llm_usage_loop on llm_usage (tenant_id, created_at) where purpose in ('judge', 'propose');

create function can_run_reflection(p_tenant_id uuid, p_target text, p_agent_version_id uuid default null) returns jsonb
language plpgsql stable
set search_path from current
as $$
declare
	v_config jsonb := get_self_improving_config(p_tenant_id, p_agent_version_id);
	v_interval integer := (v_config ->> 'reflection_interval_hours')::integer;
	v_needed integer := (v_config ->> 'min_conversations_for_reflection')::integer;
	v_agent_id uuid;
	v_last timestamptz;
	v_running timestamptz;
	v_enabled boolean := (v_config ->> 'reflection_enabled')::boolean;
	v_have integer;
	v_spent numeric := loop_spend(p_tenant_id);
	v_updates integer;
	v_updated timestamptz;
	v_breaker text;
	v_reasons text[] := '{}';
	v_blocks text[] := '{}';
begin
	if p_target = 'persona' then
		select v_enabled and p.reflection_enabled into v_enabled from tenant_personas p where p.tenant_id = p_tenant_id and p.is_active;
		if not found then
			return jsonb_build_object('can_run', false, 'reason', 'no_active_version', 'reasons', jsonb_build_array('no_active_version'), 'auto_update_blocked', true);
		end if;
		select max(r.created_at) filter (where r.status = 'completed'), max(r.created_at) filter (where r.status = 'running' and r.created_at > now() - interval '1 hour')
			into v_last, v_running from persona_reflection_logs r where r.tenant_id = p_tenant_id;
		select count(*) into v_have from (select 1 from lead_labels(p_tenant_id, coalesce((v_config ->> 'horizon_days')::integer, 30)) b
			where b.y is not null and b.learnable limit v_needed) enough;
	else
		select av.agent_id into v_agent_id from agent_versions av where av.tenant_id = p_tenant_id and av.id = p_agent_version_id and av.is_active;
		if not found then
			return jsonb_build_object('can_run', false, 'reason', 'no_active_version', 'reasons', jsonb_build_array('no_active_version'), 'auto_update_blocked', true);
		end if;
		-- Of the agent, not of one version: a new version must not start the clock again.
		select max(r.created_at) filter (where r.status = 'completed'), max(r.created_at) filter (where r.status = 'running' and r.created_at > now() - interval '1 hour')
			into v_last, v_running from reflection_logs r where r.tenant_id = p_tenant_id and r.agent_id = v_agent_id;
		select count(*) into v_have from (select distinct t.conversation_id from turns t
			where t.tenant_id = p_tenant_id and t.agent_id = v_agent_id and t.finished_at > coalesce(v_last, now() - interval '30 days') limit v_needed) enough;
	end if;
	select count(*) filter (where e.created_at >= date_trunc('day', now() at time zone t.timezone) at time zone t.timezone), max(e.created_at)
		into v_updates, v_updated
		from rollout_events e join tenants t on t.id = e.tenant_id
		where e.tenant_id = p_tenant_id and e.target = p_target and e.agent_id is not distinct from v_agent_id and e.kind = 'started' and not e.is_person;
	v_breaker := breaker_of(p_tenant_id, p_target, v_agent_id) ->> 'state';

	v_reasons := array_remove(array[
		case when not v_enabled then 'disabled' end,
		case when v_running is not null then 'already_running' end,
		case when v_last > now() - make_interval(hours => v_interval) then 'interval' end,
		case when v_have < v_needed then 'too_few' end,
		case when v_spent >= (v_config ->> 'spend_ceiling_usd')::numeric then 'spend_ceiling' end], null);
	v_blocks := array_remove(array[
		case when not (v_config #>> '{auto_apply,enabled}')::boolean then 'auto_apply_off' end,
		case when v_updates >= (v_config ->> 'max_updates_per_day')::integer then 'daily_cap' end,
		case when v_updated > now() - make_interval(hours => (v_config ->> 'cooldown_after_update_hours')::integer) then 'cooldown' end,
		case when v_breaker = 'open' then 'breaker_open' end], null);
	return jsonb_build_object('can_run', v_reasons = '{}', 'reason', coalesce(v_reasons[1], 'ok'), 'reasons', to_jsonb(v_reasons),
		'auto_update_blocked', v_blocks <> '{}', 'auto_update_reasons', to_jsonb(v_blocks), 'hours_since_last_reflection', round(extract(epoch from now() - v_last) / 3600, 2),
		'next_at', case when v_last is not null then v_last + make_interval(hours => v_interval) end, 'have', v_have, 'needed', v_needed,
		'updates_today', v_updates, 'spent_usd', v_spent, 'breaker', v_breaker);
end
$$;
comment on function can_run_reflection(uuid, text, uuid) is
	'Whether a target (persona, or the prompt of an active agent version) may be judged now: can_run with every reason against it (disabled, already_running, interval, too_few, spend_ceiling, no_active_version), and whether a change may go live by itself.';

create function due_reflections(p_limit integer) returns table (tenant_id uuid, target text, agent_id uuid, agent_version_id uuid, last_at timestamptz)
language sql stable
security definer
set search_path from current
as $$
	-- Who waited longest comes first: a tenant whose cycle is cut off is not first again.
	with target as (
		select p.tenant_id, 'persona' as target, null::uuid as agent_id, null::uuid as agent_version_id,
			(select max(r.created_at) from persona_reflection_logs r where r.tenant_id = p.tenant_id) as last_at
		from tenant_personas p where p.is_active and p.reflection_enabled
		union all
		select av.tenant_id, 'prompt', av.agent_id, av.id, (select max(r.created_at) from reflection_logs r where r.tenant_id = av.tenant_id and r.agent_id = av.agent_id)
		from agent_versions av where av.is_active
	)
	select g.tenant_id, g.target, g.agent_id, g.agent_version_id, g.last_at
	from target g join tenants t on t.id = g.tenant_id and t.status in ('trial', 'active')
	where coalesce(g.last_at, '-infinity') < now() - interval '6 hours'
	order by g.last_at nulls first, g.tenant_id limit least(p_limit, 500)
$$;
comment on function due_reflections(integer) is 'Targets of all tenants whose last cycle, of whatever end, is six hours old: who waited longest first. can_run_reflection decides for each.';

create function rollout_choice(p_tenant_id uuid, p_target text, p_agent_id uuid, p_contact_id uuid) returns uuid
language sql stable
set search_path from current
as $$
	select case when coalesce(a.arm = 'candidate', d.place < r.share) then coalesce(r.candidate_persona_id, r.candidate_prompt_id) end
	from rollouts r
	left join rollout_arms a on a.tenant_id = r.tenant_id and a.rollout_id = r.id and a.contact_id = p_contact_id and r.share < 1
	cross join lateral (select sha256(convert_to(r.salt || '|' || p_tenant_id || '|' || p_contact_id, 'UTF8')) as hash) h
	-- The first four bytes as a share of one.
	cross join lateral (select (get_byte(h.hash, 0)::bigint * 16777216 + get_byte(h.hash, 1) * 65536 + get_byte(h.hash, 2) * 256 + get_byte(h.hash, 3))::double precision / 4294967296 as place) d
	where r.tenant_id = p_tenant_id and r.target = p_target and r.ended_at is null and r.agent_id is not distinct from p_agent_id
$$;
comment on function rollout_choice(uuid, text, uuid, uuid) is
	'The candidate version when this person is in its arm, else null. By hash of salt, tenant and contact: raising the share only adds people, and who met a version keeps it.';

create function note_rollout_arm() returns trigger
language plpgsql
set search_path from current
as $$
begin
	if tg_table_name = 'classified_leads' then
		insert into rollout_arms (tenant_id, rollout_id, contact_id, arm, share)
			select r.tenant_id, r.id, l.contact_id, case new.persona_id when r.candidate_persona_id then 'candidate' else 'incumbent' end, r.share
			from rollouts r join leads l on l.tenant_id = r.tenant_id and l.id = new.lead_id
			where r.tenant_id = new.tenant_id and r.target = 'persona' and r.ended_at is null and new.persona_id in (r.candidate_persona_id, r.incumbent_persona_id)
			on conflict do nothing;
	else
		insert into rollout_arms (tenant_id, rollout_id, contact_id, arm, share)
			select r.tenant_id, r.id, c.contact_id, case new.system_prompt_id when r.candidate_prompt_id then 'candidate' else 'incumbent' end, r.share
			from rollouts r join conversations c on c.tenant_id = r.tenant_id and c.id = new.conversation_id
			where r.tenant_id = new.tenant_id and r.target = 'prompt' and r.ended_at is null and r.agent_id = new.agent_id
				and new.system_prompt_id in (r.candidate_prompt_id, r.incumbent_prompt_id)
			on conflict do nothing;
	end if;
	return null;
end
$$;
comment on function note_rollout_arm() is 'Trigger: writes down which version a person met first.';
create trigger note_rollout_arm after insert on classified_leads for each row when (new.persona_id is not null) execute function note_rollout_arm();
create trigger note_rollout_arm after insert on turns for each row when (new.system_prompt_id is not null) execute function note_rollout_arm();

create function persona_row_of(p_row tenant_personas) returns jsonb
language sql immutable
set search_path from current
as $$
	select jsonb_build_object('id', p_row.id, 'version', p_row.version, 'business_type', p_row.business_type, 'target_audience', p_row.target_audience,
			'product_service', p_row.product_service, 'value_proposition', p_row.value_proposition, 'keyword_weights', p_row.keyword_weights,
			'threshold_shift', p_row.threshold_shift, 'scoring_model_id', p_row.scoring_model_id)
		|| jsonb_build_object('main_pain_points', p_row.main_pain_points, 'solutions_offered', p_row.solutions_offered, 'ideal_niches', p_row.ideal_niches,
			'ideal_job_titles', p_row.ideal_job_titles, 'ideal_business_types', p_row.ideal_business_types, 'min_followers', p_row.min_followers, 'max_followers', p_row.max_followers)
		|| jsonb_build_object('positive_keywords', p_row.positive_keywords, 'negative_keywords', p_row.negative_keywords, 'service_areas', p_row.service_areas,
			'brand_voice', p_row.brand_voice, 'message_style', p_row.message_style, 'ai_classification_prompt', p_row.ai_classification_prompt,
			'ai_response_prompt', p_row.ai_response_prompt)
$$;
comment on function persona_row_of(tenant_personas) is 'A persona version as core/leads knows it: PersonaRow.';

create or replace function get_active_persona(p_tenant_id uuid) returns jsonb
language sql stable
set search_path from current
as $$
	select persona_row_of(p) from tenant_personas p where p.tenant_id = p_tenant_id and p.is_active
$$;
comment on function get_active_persona(uuid) is 'The active persona of a tenant with the seeds'' column names; null when there is none.';

create function scoring_model_for(p_tenant_id uuid, p_model_id uuid) returns jsonb
language sql stable
set search_path from current
as $$
	select case when p_model_id is null then active_scoring_model(p_tenant_id) else (
		select jsonb_build_object('id', m.id, 'version', m.model_version, 'config', m.model_config, 'weights', m.weights, 'calibration', m.calibration)
			from lead_scoring_models m where m.tenant_id = p_tenant_id and m.id = p_model_id and m.beats_rules) end
$$;
comment on function scoring_model_for(uuid, uuid) is 'The learned scorer of that id if it beats the rules, or the tenant''s active one; null while the rules alone decide.';

create function persona_for(p_tenant_id uuid, p_contact_id uuid) returns jsonb
language sql stable
set search_path from current
as $$
	select coalesce((select persona_row_of(p) from tenant_personas p
		where p.tenant_id = p_tenant_id and p.id = rollout_choice(p_tenant_id, 'persona', null, p_contact_id)), get_active_persona(p_tenant_id))
$$;
comment on function persona_for(uuid, uuid) is 'The persona version that decides about a person: the active one, or the candidate of a running roll-out when they are in its arm.';

create function prompt_for(p_tenant_id uuid, p_agent_version_id uuid, p_contact_id uuid) returns uuid
language sql stable
set search_path from current
as $$
	-- A candidate made for another version of the agent answers nobody.
	select coalesce((select c.id from system_prompts c where c.tenant_id = p_tenant_id and c.agent_version_id = p_agent_version_id
			and c.id = rollout_choice(p_tenant_id, 'prompt', av.agent_id, p_contact_id)),
		(select d.id from system_prompts d where d.tenant_id = p_tenant_id and d.agent_version_id = p_agent_version_id and d.is_active))
	from agent_versions av where av.tenant_id = p_tenant_id and av.id = p_agent_version_id
$$;
comment on function prompt_for(uuid, uuid, uuid) is 'The prompt with which an agent version answers a person: its active one, or the candidate of a running roll-out when they are in its arm.';

do $$
declare
	v_lead_context text := pg_get_functiondef('load_lead_context(uuid, bigint, integer)'::regprocedure);
	v_turn_context text := pg_get_functiondef('load_turn_context(uuid, bigint, integer)'::regprocedure);
begin
	-- One line of each long function changes.
	execute replace(v_lead_context, '''persona'', get_active_persona(p_tenant_id)', '''persona'', persona_for(p_tenant_id, p.contact_id)');
	execute replace(replace(v_turn_context,
		'sp.tenant_id = p_tenant_id and sp.agent_version_id = av.id and sp.is_active',
		'sp.tenant_id = p_tenant_id and sp.agent_version_id = av.id and sp.id = prompt_for(p_tenant_id, av.id, c.contact_id)'),
		'tp.tenant_id = p_tenant_id and tp.is_active',
		'tp.tenant_id = p_tenant_id and tp.id = coalesce(rollout_choice(p_tenant_id, ''persona'', null, c.contact_id), (select d.id from tenant_personas d where d.tenant_id = p_tenant_id and d.is_active))');
	if pg_get_functiondef('load_lead_context(uuid, bigint, integer)'::regprocedure) !~ 'persona_for'
		or pg_get_functiondef('load_turn_context(uuid, bigint, integer)'::regprocedure) !~ 'prompt_for.*rollout_choice' then
		raise exception 'load_lead_context or load_turn_context is not the one this migration knows';
	end if;
end
$$;

select secure_schema();
