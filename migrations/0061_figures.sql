-- breaking: no
-- Versions and how they do, the loop, limits, health of the outbox, and the twelve KPIs: one view each. Null means that nothing is known, never 0.

create view vw_version_performance with (security_invoker = true) as
	with figure as (
		select d.tenant_id, d.target, d.version_id, min(d.day) as first_day, max(d.day) as last_day, sum(d.people)::bigint as people, sum(d.hot)::bigint as hot, sum(d.won)::bigint as won,
			sum(d.lost)::bigint as lost, sum(d.hot_right)::bigint as hot_right, sum(d.hot_wrong)::bigint as hot_wrong, sum(d.score_sum) as score_sum, sum(d.scored) as scored
		from daily_versions d group by d.tenant_id, d.target, d.version_id
	), version as (
		select s.tenant_id, 'prompt' as target, s.id, av.agent_id, av.version as agent_version, s.version, s.parent_id, s.is_active and av.is_active as in_service, s.activated_at, s.deactivated_at,
			s.change_reason, s.performance_score
		from system_prompts s join agent_versions av on av.tenant_id = s.tenant_id and av.id = s.agent_version_id
		union all
		select p.tenant_id, 'persona', p.id, null, null, p.version, p.parent_id, p.is_active, p.activated_at, p.deactivated_at, p.change_reason, p.performance_score from tenant_personas p
	)
	select v.tenant_id, v.target, v.id as version_id, v.agent_id, v.agent_version, v.version, v.parent_id, v.in_service, v.activated_at, v.deactivated_at, v.change_reason, v.performance_score as judged_score,
		coalesce(f.people, 0) as people, coalesce(f.hot, 0) as hot, coalesce(f.won, 0) as won, coalesce(f.lost, 0) as lost, coalesce(f.people - f.won - f.lost, 0) as open,
		round(100.0 * f.won / nullif(f.won + f.lost, 0), 1) as conversion_percent, round(f.score_sum / nullif(f.scored, 0), 1) as mean_score,
		round(100.0 * f.hot_right / nullif(f.hot_right + f.hot_wrong, 0), 1) as precision_percent, f.hot_right + f.hot_wrong as judged_hot, f.first_day, f.last_day
	from version v left join figure f on f.tenant_id = v.tenant_id and f.target = v.target and f.version_id = v.id;
comment on view vw_version_performance is
	'Every version of personas and prompts: people who met it, hot, won, lost and open within 30 days, conversion of those whose end is known, mean score, precision of HOT by what people said, the judge''s score. Versions differ in time too: a roll-out compares them fairly.';

create view vw_daily_versions with (security_invoker = true) as
	select d.tenant_id, d.day, d.target, d.version_id, coalesce(s.version, p.version) as version, d.people, d.hot, d.won, d.lost, d.people - d.won - d.lost as open,
		round(100.0 * d.won / nullif(d.won + d.lost, 0), 1) as conversion_percent, round(d.score_sum::numeric / nullif(d.scored, 0), 1) as mean_score
	from daily_versions d
	left join system_prompts s on d.target = 'prompt' and s.tenant_id = d.tenant_id and s.id = d.version_id
	left join tenant_personas p on d.target = 'persona' and p.tenant_id = d.tenant_id and p.id = d.version_id;
comment on view vw_daily_versions is 'The same by the day on which people met the version: conversion and score over time, to mark the moments of change in.';

create view vw_version_changes with (security_invoker = true) as
	select s.tenant_id, s.activated_at as at, 'prompt' as target, s.id as version_id, s.version, av.agent_id, 'activated' as kind, s.approved_by as actor, s.change_reason as reason
	from system_prompts s join agent_versions av on av.tenant_id = s.tenant_id and av.id = s.agent_version_id where s.activated_at is not null
	union all
	select p.tenant_id, p.activated_at, 'persona', p.id, p.version, null, 'activated', p.approved_by, p.change_reason from tenant_personas p where p.activated_at is not null
	union all
	select e.tenant_id, e.created_at, e.target, coalesce(r.candidate_persona_id, r.candidate_prompt_id), coalesce(p.version, s.version), e.agent_id, e.kind, e.actor, e.reason
	from rollout_events e left join rollouts r on r.tenant_id = e.tenant_id and r.id = e.rollout_id
	left join tenant_personas p on p.tenant_id = r.tenant_id and p.id = r.candidate_persona_id left join system_prompts s on s.tenant_id = r.tenant_id and s.id = r.candidate_prompt_id;
comment on view vw_version_changes is 'The moments of change to mark in a chart: versions that went into service, and each step of roll-outs and breakers.';

create view vw_reflections with (security_invoker = true) as
	select r.tenant_id, r.id, 'prompt' as target, r.agent_id, r.system_prompt_id as version_id, r.created_at as at, r.status, r.overall_score as score, r.action_taken::text as action, r.action_reason as reason,
		r.conversations_analyzed as looked_at, r.cost_usd from reflection_logs r
	union all
	select r.tenant_id, r.id, 'persona', null, r.persona_id, r.created_at, r.status, r.overall_score, r.action_taken, r.action_reason, r.total_leads_classified, r.cost_usd from persona_reflection_logs r;
comment on view vw_reflections is 'Every reflection: of which version, its score 0 to 5, what it decided and why, how much it looked at and cost.';

create view vw_suggestions with (security_invoker = true) as
	select s.tenant_id, s.id, 'prompt' as target, s.agent_id, s.suggestion_type::text as suggestion_type, s.state, s.created_at, s.expires_at, s.reviewer, s.applied_at, s.rolled_back_at, s.rollback_reason,
		s.gate_result ->> 'verdict' as gate_verdict from improvement_suggestions s
	union all
	select s.tenant_id, s.id, 'persona', null, s.suggestion_type::text, s.state, s.created_at, s.expires_at, s.reviewer, s.applied_at, s.rolled_back_at, s.rollback_reason, s.gate_result ->> 'verdict'
	from persona_improvement_suggestions s;
comment on view vw_suggestions is 'Every suggestion of the loop: where it stands on its road, who decided, whether it was taken back.';

create view vw_rollouts with (security_invoker = true) as
	select r.tenant_id, r.id, r.target, r.agent_id, r.stage, r.share, r.started_at, r.started_by, r.approved_by_person, r.held_by, r.promoted_at, r.ended_at, r.end_reason,
		coalesce(ip.version, ic.version) as incumbent_version, coalesce(cp.version, cc.version) as candidate_version, coalesce(r.candidate_persona_id, r.candidate_prompt_id) as candidate_id,
		coalesce(r.incumbent_persona_id, r.incumbent_prompt_id) as incumbent_id, a.incumbent as incumbent_people, a.candidate as candidate_people, r.evidence
	from rollouts r
	left join tenant_personas ip on ip.tenant_id = r.tenant_id and ip.id = r.incumbent_persona_id left join tenant_personas cp on cp.tenant_id = r.tenant_id and cp.id = r.candidate_persona_id
	left join system_prompts ic on ic.tenant_id = r.tenant_id and ic.id = r.incumbent_prompt_id left join system_prompts cc on cc.tenant_id = r.tenant_id and cc.id = r.candidate_prompt_id
	left join lateral (select count(*) filter (where x.arm = 'incumbent') as incumbent, count(*) filter (where x.arm = 'candidate') as candidate
		from rollout_arms x where x.tenant_id = r.tenant_id and x.rollout_id = r.id) a on true;
comment on view vw_rollouts is 'Roll-outs with their arms: people in each, stage, share, and the evidence of the last step.';

create view vw_outbox_health with (security_invoker = true) as
	select t.id as tenant_id, o.pending, o.sending, o.unknown, o.oldest_pending_at, o.oldest_unknown_at, x.failed_2d, x.blocked_2d, x.sent_2d,
		round(100.0 * x.failed_2d / nullif(x.failed_2d + x.sent_2d, 0), 1) as failed_percent_2d,
		(select count(*) from channel_accounts c where c.tenant_id = t.id and c.status = 'paused') as paused_accounts
	from tenants t
	cross join lateral (select count(*) filter (where m.status = 'pending') as pending, count(*) filter (where m.status = 'sending') as sending, count(*) filter (where m.status = 'unknown') as unknown,
		min(m.created_at) filter (where m.status = 'pending') as oldest_pending_at, min(m.unknown_since) as oldest_unknown_at
		from outbox_messages m where m.tenant_id = t.id and m.status in ('pending', 'sending', 'unknown')) o
	cross join lateral (select coalesce(sum(d.n) filter (where d.part = 'failed'), 0) as failed_2d, coalesce(sum(d.n) filter (where d.part = 'blocked'), 0) as blocked_2d,
		coalesce(sum(d.n) filter (where d.part in ('sent', 'delivered', 'read')), 0) as sent_2d
		from daily_counts d where d.tenant_id = t.id and d.figure = 'send' and d.day >= (now() at time zone t.timezone)::date - 1) x;
comment on view vw_outbox_health is 'What waits to be sent now and since when, what is of unknown outcome, and how the messages of today and yesterday ended.';

create view vw_limits_used with (security_invoker = true) as
	select x.tenant_id, x.name, x.period, x.used, x.most, case when x.most > 0 then round(100.0 * x.used / x.most, 1) end as percent
	from (
		select t.id as tenant_id, 'auto_responses' as name, 'day' as period, coalesce(u.value, 0)::numeric as used, t.max_auto_responses_per_day::numeric as most
		from tenants t left join usage_counters u on u.tenant_id = t.id and u.metric = 'auto_responses' and u.period_start = (now() at time zone t.timezone)::date
		union all
		select t.id, 'leads', 'month', coalesce(u.value, 0), t.max_leads_per_month
		from tenants t left join usage_counters u on u.tenant_id = t.id and u.metric = 'leads' and u.period_start = date_trunc('month', now() at time zone t.timezone)::date
		union all
		select t.id, 'message_spend_usd', 'month', coalesce((select sum(c.cost_usd) from message_costs c where c.tenant_id = t.id and c.month = date_trunc('month', now() at time zone t.timezone)::date), 0),
			t.max_message_spend_usd from tenants t
		union all
		select t.id, 'hot_places', 'day', coalesce(u.value, 0), coalesce(s.hot_capacity_per_day, 20)
		from tenants t left join lead_settings s on s.tenant_id = t.id
		left join usage_counters u on u.tenant_id = t.id and u.metric = 'hot_treated' and u.period_start = (now() at time zone t.timezone)::date
		union all
		select t.id, 'loop_spend_usd', 'month', loop_spend(t.id), (get_self_improving_config(t.id) ->> 'spend_ceiling_usd')::numeric from tenants t
	) x;
comment on view vw_limits_used is 'Limits of a tenant and how much of them is used: most null is no limit, percent then too.';

create view vw_cost_per_result with (security_invoker = true) as
	select t.id as tenant_id, c.model_usd, c.meta_usd, c.unpriced, x.conversation_days, x.new_conversations, w.clients, w.opportunities,
		round((coalesce(c.model_usd, 0) + coalesce(c.meta_usd, 0)) / nullif(x.conversation_days, 0), 5) as usd_per_conversation_day,
		round((coalesce(c.model_usd, 0) + coalesce(c.meta_usd, 0)) / nullif(x.new_conversations, 0), 5) as usd_per_new_conversation,
		case when coalesce(c.model_usd, c.meta_usd) is not null then round((coalesce(c.model_usd, 0) + coalesce(c.meta_usd, 0)) / nullif(w.clients, 0), 4) end as usd_per_client
	from tenants t
	cross join lateral (select sum(d.usd) filter (where d.kind = 'model') as model_usd, sum(d.usd) filter (where d.kind = 'meta') as meta_usd, coalesce(sum(d.unpriced), 0)::bigint as unpriced
		from vw_daily_cost d where d.tenant_id = t.id and d.day >= (now() at time zone t.timezone)::date - 29) c
	cross join lateral (select sum(d.n) filter (where d.part = 'active') as conversation_days, sum(d.n) filter (where d.part = 'new') as new_conversations
		from daily_counts d where d.tenant_id = t.id and d.figure = 'conversation' and d.day >= (now() at time zone t.timezone)::date - 29) x
	cross join lateral (select count(distinct o.lead_id) filter (where o.kind = 'client') as clients, count(distinct o.lead_id) as opportunities
		from lead_outcomes o where o.tenant_id = t.id and o.created_at >= now() - interval '30 days' and o.kind in ('opportunity', 'client')) w;
comment on view vw_cost_per_result is
	'The last 30 days: model and Meta in US dollars (null: no price known; unpriced counts what the sums leave out), per conversation and day on which something was said, per new conversation, per client told of.';

-- The KPIs. Each is one row a tenant: value, its unit, how many things it was counted over (n), and the days it looks at.

create view vw_kpi_hot_to_opportunity with (security_invoker = true) as
	select t.id as tenant_id, round(100.0 * f.won / nullif(f.won + f.lost, 0), 1) as value, 'percent' as unit, f.won + f.lost as n, 90 as days
	from tenants t cross join lateral (select coalesce(sum(d.n) filter (where d.part = 'hot_won'), 0) as won, coalesce(sum(d.n) filter (where d.part = 'hot_lost'), 0) as lost from daily_counts d
		where d.tenant_id = t.id and d.figure = 'person' and d.day between (now() at time zone t.timezone)::date - 121 and (now() at time zone t.timezone)::date - 32) f;
comment on view vw_kpi_hot_to_opportunity is
	'KPI: of 100 people who were hot, how many became an opportunity or client within 30 days. Of people who first wrote 32 to 121 days ago, whose end is known; null before. Who came later is left out: an early win is known sooner than a loss.';

create view vw_kpi_classification_precision with (security_invoker = true) as
	select t.id as tenant_id, round(100.0 * f.good / nullif(f.good + f.bad, 0), 1) as value, 'percent' as unit, f.good + f.bad as n, 90 as days,
		round(100.0 * f.bad / nullif(f.good + f.bad, 0), 1) as false_positive_percent
	from tenants t cross join lateral (select coalesce(sum(d.n) filter (where d.part = 'hot_right'), 0) as good, coalesce(sum(d.n) filter (where d.part = 'hot_wrong'), 0) as bad from daily_counts d
		where d.tenant_id = t.id and d.figure = 'person' and d.day >= (now() at time zone t.timezone)::date - 89) f;
comment on view vw_kpi_classification_precision is
	'KPI: of 100 hot people of whom people said something, how many were right: a good verdict, an opportunity or a client, against bad, personal, spam and competitor. Who first wrote in the last 90 days. Hot people nobody judged are left out; null without any verdict.';

create view vw_kpi_response_time with (security_invoker = true) as
	select t.id as tenant_id, round(f.seconds / nullif(f.n, 0), 2) as value, 'seconds' as unit, f.n, 30 as days, w.p50_seconds, w.p90_seconds
	from tenants t
	cross join lateral (select sum(d.amount) as seconds, sum(d.n) as n from daily_counts d where d.tenant_id = t.id and d.figure = 'answer' and d.day >= (now() at time zone t.timezone)::date - 29) f
	cross join lateral wait_times(t.id, 'answer', (now() at time zone t.timezone)::date - 29, (now() at time zone t.timezone)::date) w;
comment on view vw_kpi_response_time is 'KPI: mean seconds from a customer''s message to the automatic answer that left, over 30 days; the median beside it. Messages that got no automatic answer are left out; null when none did.';

create view vw_kpi_engagement with (security_invoker = true) as
	select t.id as tenant_id, round(100.0 * f.answered / nullif(f.runs, 0), 1) as value, 'percent' as unit, f.runs as n, 30 as days
	from tenants t cross join lateral (select sum(d.n) filter (where d.part = 'runs') as runs, coalesce(sum(d.n) filter (where d.part = 'answered'), 0) as answered from daily_counts d
		where d.tenant_id = t.id and d.figure = 'engagement' and d.day between (now() at time zone t.timezone)::date - 31 and (now() at time zone t.timezone)::date - 2) f;
comment on view vw_kpi_engagement is
	'KPI: of 100 times we said something that left, how often the customer wrote within 24 hours. Several messages in a row count once. 30 days up to the day before yesterday, because 24 hours must be over; null when nothing left.';

create view vw_kpi_prompt_score with (security_invoker = true) as
	select t.id as tenant_id, f.value, 'points of 5' as unit, f.n, null::integer as days
	from tenants t cross join lateral (select round(avg(s.performance_score), 2) as value, count(s.performance_score) as n from system_prompts s
		join agent_versions a on a.tenant_id = s.tenant_id and a.id = s.agent_version_id and a.is_active where s.tenant_id = t.id and s.is_active) f;
comment on view vw_kpi_prompt_score is 'KPI: mean score, 0 to 5, that the judge gave the prompts in service. Prompts not judged yet are left out; null when none was.';

create view vw_kpi_successful_updates with (security_invoker = true) as
	select t.id as tenant_id, case when f.started > 0 then f.good end::numeric as value, 'updates' as unit, f.started as n, 90 as days
	from tenants t cross join lateral (select count(*) as started, count(*) filter (where r.stage in ('active', 'survived')) as good from rollouts r
		where r.tenant_id = t.id and not r.approved_by_person and r.started_at >= now() - interval '90 days') f;
comment on view vw_kpi_successful_updates is 'KPI: changes that the loop began by itself in the last 90 days and that are in service or stayed (n: how many it began). What a person approved is left out; null when it began none.';

create view vw_kpi_rollback_rate with (security_invoker = true) as
	select t.id as tenant_id, round(100.0 * f.back / nullif(f.ended, 0), 1) as value, 'percent' as unit, f.ended as n, 90 as days
	from tenants t cross join lateral (select count(*) filter (where r.stage in ('rolled_back', 'halted')) as back, count(*) as ended from rollouts r
		where r.tenant_id = t.id and r.ended_at >= now() - interval '90 days' and r.stage in ('survived', 'rolled_back', 'halted')) f;
comment on view vw_kpi_rollback_rate is 'KPI: of 100 roll-outs that ended in the last 90 days, how many were taken back or stopped. Those that expired for want of evidence are left out; null when none ended.';

create view vw_kpi_improvement_delta with (security_invoker = true) as
	select t.id as tenant_id, f.value, 'points of 5' as unit, f.n, 180 as days
	from tenants t cross join lateral (select round(avg(c.performance_score - i.performance_score), 2) as value, count(c.performance_score - i.performance_score) as n from rollouts r
		join system_prompts c on c.tenant_id = r.tenant_id and c.id = r.candidate_prompt_id join system_prompts i on i.tenant_id = r.tenant_id and i.id = r.incumbent_prompt_id
		where r.tenant_id = t.id and r.promoted_at >= now() - interval '180 days') f;
comment on view vw_kpi_improvement_delta is 'KPI: by how many points of the judge a promoted prompt is better than the one it replaced, the mean of 180 days. Pairs of which one was not judged are left out; null without a pair.';

create view vw_kpi_conversion_change with (security_invoker = true) as
	select t.id as tenant_id, f.value, 'percentage points' as unit, f.n, 180 as days
	from tenants t cross join lateral (select round(avg(c.conversion_percent - i.conversion_percent), 1) as value, count(c.conversion_percent - i.conversion_percent) as n from rollouts r
		join vw_version_performance c on c.tenant_id = r.tenant_id and c.target = 'persona' and c.version_id = r.candidate_persona_id
		join vw_version_performance i on i.tenant_id = r.tenant_id and i.target = 'persona' and i.version_id = r.incumbent_persona_id
		where r.tenant_id = t.id and r.target = 'persona' and r.promoted_at >= now() - interval '180 days') f;
comment on view vw_kpi_conversion_change is
	'KPI: by how many percentage points more people of a promoted persona became an opportunity or client than of the one it replaced, the mean of 180 days. Before and after, not at the same time: the roll-out''s evidence is the fair comparison. Null until both have people whose end is known.';

create view vw_kpi_false_positive_reduction with (security_invoker = true) as
	select t.id as tenant_id, f.value, 'percent' as unit, f.n, 180 as days
	from tenants t cross join lateral (select round(avg(100 * (c.precision_percent - i.precision_percent) / nullif(100 - i.precision_percent, 0)), 1) as value,
			count((c.precision_percent - i.precision_percent) / nullif(100 - i.precision_percent, 0)) as n from rollouts r
		join vw_version_performance c on c.tenant_id = r.tenant_id and c.target = 'persona' and c.version_id = r.candidate_persona_id
		join vw_version_performance i on i.tenant_id = r.tenant_id and i.target = 'persona' and i.version_id = r.incumbent_persona_id
		where r.tenant_id = t.id and r.persona_suggestion_id is not null and r.promoted_at >= now() - interval '180 days') f;
comment on view vw_kpi_false_positive_reduction is
	'KPI: by how many percent fewer hot people were wrong after a persona that reflection suggested than before it, the mean of 180 days; negative is worse. Pairs without verdicts, or without a false positive before, are left out; null without a pair.';

create view vw_kpi_time_to_optimal with (security_invoker = true) as
	select t.id as tenant_id, f.value, 'days' as unit, f.n, null::integer as days
	from tenants t cross join lateral (
		select round(avg(extract(epoch from x.good_at - x.began_at) / 86400)::numeric, 1) as value, count(x.good_at) as n
		from (select av.agent_id, min(s.activated_at) as began_at,
				(select min(r.created_at) from reflection_logs r where r.tenant_id = t.id and r.agent_id = av.agent_id and r.status = 'completed'
					and r.overall_score >= (get_self_improving_config(t.id, r.agent_version_id) #>> '{thresholds,none}')::numeric) as good_at
			from agent_versions av join system_prompts s on s.tenant_id = av.tenant_id and s.agent_version_id = av.id and s.activated_at is not null
			where av.tenant_id = t.id group by av.agent_id) x where x.good_at >= x.began_at) f;
comment on view vw_kpi_time_to_optimal is 'KPI: days from an agent''s first activation to the first reflection that found nothing to change (the score of threshold_none, 4 at first), the mean of its agents. Agents that have not got there are left out; null when none has.';

create view vw_kpi_ai_return with (security_invoker = true) as
	select t.id as tenant_id, round(r.won / nullif(c.usd, 0), 3) as value, 'opportunities per US dollar' as unit, r.won as n, 30 as days, c.usd as model_usd, c.unpriced
	from tenants t
	cross join lateral (select sum(d.amount) as usd, coalesce(sum(d.n) filter (where d.figure = 'model_unpriced'), 0)::bigint as unpriced from daily_counts d
		where d.tenant_id = t.id and d.figure in ('model_call', 'model_unpriced') and d.day >= (now() at time zone t.timezone)::date - 29) c
	cross join lateral (select nullif(count(distinct o.lead_id), 0) as won from lead_outcomes o where o.tenant_id = t.id and o.kind in ('opportunity', 'client') and o.created_at >= now() - interval '30 days') r;
comment on view vw_kpi_ai_return is
	'KPI: opportunities and clients told of in the last 30 days for each US dollar of model calls. Calls of unknown price are left out of the dollars and counted as unpriced; null without a price or when nobody told of an outcome. What a deal is worth is not known here.';

create view vw_kpis with (security_invoker = true) as
	select k.kpi, k.tenant_id, k.value, k.unit, coalesce(k.n, 0)::bigint as n, k.days from (
		select 'hot_to_opportunity' as kpi, tenant_id, value, unit, n, days from vw_kpi_hot_to_opportunity
		union all select 'classification_precision', tenant_id, value, unit, n, days from vw_kpi_classification_precision
		union all select 'response_time', tenant_id, value, unit, n, days from vw_kpi_response_time
		union all select 'engagement', tenant_id, value, unit, n, days from vw_kpi_engagement
		union all select 'prompt_score', tenant_id, value, unit, n, days from vw_kpi_prompt_score
		union all select 'successful_updates', tenant_id, value, unit, n, days from vw_kpi_successful_updates
		union all select 'rollback_rate', tenant_id, value, unit, n, days from vw_kpi_rollback_rate
		union all select 'improvement_delta', tenant_id, value, unit, n, days from vw_kpi_improvement_delta
		union all select 'conversion_change', tenant_id, value, unit, n, days from vw_kpi_conversion_change
		union all select 'false_positive_reduction', tenant_id, value, unit, n, days from vw_kpi_false_positive_reduction
		union all select 'time_to_optimal', tenant_id, value, unit, n, days from vw_kpi_time_to_optimal
		union all select 'ai_return', tenant_id, value, unit, n, days from vw_kpi_ai_return
	) k;
comment on view vw_kpis is 'The twelve KPIs in rows; value is null where nothing is known yet, and n says on how much it stands.';

select secure_schema();
