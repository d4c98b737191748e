-- breaking: no
-- Is anything stuck, why did it say that, and everything a dashboard shows in one round trip.

create index notification_deliveries_dead on notification_deliveries (tenant_id, settled_at) where status = 'dead';

create function ingest_health(p_tenant_id uuid) returns table (code text, n bigint, since timestamptz)
language sql stable
set search_path from current
as $$
	select x.code, x.n, x.since from (
		select 'events_pending' as code, count(*) as n, min(e.received_at) as since from webhook_events e
			where e.tenant_id = p_tenant_id and e.status = 'pending' and e.kind <> 'status' and e.received_at < now() - interval '5 minutes'
		union all select 'turns_overdue', count(*), min(l.available_at) from conversation_locks l
			where l.tenant_id = p_tenant_id and l.available_at < now() - interval '2 minutes'
		union all select 'turns_retrying', count(*), min(l.burst_started_at) from conversation_locks l where l.tenant_id = p_tenant_id and l.in_backoff and l.available_at >= now() - interval '2 minutes'
		union all select 'dead_letters', count(distinct q.turn_id), min(q.dead_at) from message_queue q where q.tenant_id = p_tenant_id and q.dead_at is not null
		union all select 'sends_overdue', count(*), min(l.available_at) from outbox_lanes l join channel_accounts ca on ca.tenant_id = l.tenant_id and ca.id = l.channel_account_id
			where l.tenant_id = p_tenant_id and l.available_at < now() - interval '2 minutes' and ca.status = 'active' and ca.is_active and coalesce(ca.hold_until, '-infinity') < now()
		union all select 'sends_paused', count(*), min(ca.paused_at) from outbox_messages o join channel_accounts ca on ca.tenant_id = o.tenant_id and ca.id = o.channel_account_id
			where o.tenant_id = p_tenant_id and o.status = 'pending' and ca.status = 'paused'
		union all select 'sends_unknown', count(*), min(o.unknown_since) from outbox_messages o where o.tenant_id = p_tenant_id and o.status = 'unknown'
		union all select 'accounts_paused', count(*), min(ca.paused_at) from channel_accounts ca where ca.tenant_id = p_tenant_id and ca.status = 'paused' and ca.is_active
		union all select 'notices_failing', count(*), min(d.created_at) from notification_deliveries d where d.tenant_id = p_tenant_id and d.settled_at is null and d.attempts >= 3
		union all select 'notices_dead', count(*), min(d.settled_at) from notification_deliveries d
			where d.tenant_id = p_tenant_id and d.status = 'dead' and d.settled_at > now() - interval '1 day'
		union all select 'jobs_overdue', count(*), min(j.available_at) from background_jobs j where j.tenant_id = p_tenant_id and j.finished_at is null and j.available_at < now() - interval '10 minutes'
		union all select 'jobs_failed', count(*), min(j.finished_at) from background_jobs j where j.tenant_id = p_tenant_id and j.status = 'failed' and j.finished_at > now() - interval '7 days'
		union all select 'handoffs_overdue', count(*), min(h.sla_due_at) from handoffs h
			where h.tenant_id = p_tenant_id and h.returned_at is null and h.first_answer_at is null and h.sla_due_at < now()
		union all select 'automation_stopped', 1, t.automation_stopped_at from tenants t where t.id = p_tenant_id and t.automation_stopped_at is not null
		union all select 'proactive_stopped', 1, s.proactive_stopped_at from sending_settings s where s.tenant_id = p_tenant_id and s.proactive_stopped_at is not null
		union all select 'figures_old', 1, coalesce(max(r.rolled_at), max(t.created_at)) from tenants t left join rolled_days r on r.tenant_id = t.id
			where t.id = p_tenant_id having coalesce(max(r.rolled_at), max(t.created_at)) < now() - interval '2 hours'
	) x where x.n > 0 order by x.since
$$;
comment on function ingest_health(uuid) is 'What of a tenant is stuck right now: a code, how many, since when; no row is good. core/reports says what to do about each code.';

create view vw_ingest_health with (security_invoker = true) as
	select t.id as tenant_id, h.code, h.n, h.since from tenants t cross join lateral ingest_health(t.id) h;
comment on view vw_ingest_health is 'What is stuck, since when, by code; a tenant without a row is well.';

create function explain_reply(p_tenant_id uuid, p_outbox_id uuid, p_message_id bigint) returns jsonb
language sql stable
set search_path from current
as $$
	with reply as (
		select m.* from messages m
		where m.tenant_id = p_tenant_id and m.direction = 'outbound' and (m.outbox_id = p_outbox_id or (p_outbox_id is null and m.id = p_message_id)) limit 1
	), told as (
		select r.*, t.id as found_turn, o.id as found_send,
			-- An import of history may lack the row; a text that is empty was emptied.
			(select min(x) from unnest(t.message_ids) x) as first_asked
		from reply r left join turns t on t.tenant_id = r.tenant_id and t.id = r.turn_id left join outbox_messages o on o.tenant_id = r.tenant_id and o.id = r.outbox_id
	), calls as (
		select u.* from told r join llm_usage u on u.tenant_id = p_tenant_id and u.turn_id = r.turn_id order by u.id limit 50
	), asked as (
		select m.* from told r join turns t on t.tenant_id = p_tenant_id and t.id = r.turn_id join messages m on m.tenant_id = p_tenant_id and m.id = any (t.message_ids) order by m.id limit 50
	), history as (
		select m.* from told r join messages m on m.tenant_id = p_tenant_id and m.conversation_id = r.conversation_id and m.id < coalesce(r.first_asked, r.id) order by m.id desc limit 20
	), said as (
		select m.id, 'reply' as place, m.kind, m.body, m.revoked_at from told m union all select a.id, 'asked', a.kind, a.body, a.revoked_at from asked a
		union all select h.id, 'history', h.kind, h.body, h.revoked_at from history h
	), gone as (
		select s.id, s.place, case when s.revoked_at is not null then 'taken_back' else 'retention' end as why from said s where s.body = '' and (s.kind = 'text' or s.revoked_at is not null)
	)
	select jsonb_build_object(
		'reply', jsonb_build_object('message_id', r.id, 'outbox_id', r.outbox_id, 'conversation_id', r.conversation_id, 'contact_id', r.contact_id, 'turn_id', r.turn_id, 'author', r.author,
			'kind', r.kind, 'text', nullif(r.body, ''), 'text_gone', (select g.why from gone g where g.id = r.id), 'status', r.status, 'status_at', r.status_at, 'error_code', r.error_code,
			'created_at', r.created_at, 'timezone', (select t.timezone from tenants t where t.id = p_tenant_id)),
		'asked', coalesce((select jsonb_agg(jsonb_build_object('message_id', a.id, 'at', coalesce(a.provider_timestamp, a.created_at), 'kind', a.kind, 'text', nullif(a.body, ''),
			'text_gone', (select g.why from gone g where g.id = a.id),
			'reading', (select jsonb_build_object('kind', x.kind, 'status', x.status, 'model', x.model, 'cost_usd', x.cost_usd) from media_readings x where x.tenant_id = p_tenant_id and x.message_id = a.id))
			order by a.id) from asked a), '[]'),
		'turn', (select jsonb_build_object('outcome', t.outcome, 'handoff_reason', t.handoff_reason, 'attempts', t.attempts, 'received_at', t.received_at, 'claimed_at', t.claimed_at,
			'finished_at', t.finished_at, 'checks', t.checks) from turns t where t.tenant_id = p_tenant_id and t.id = r.turn_id),
		'versions', (select jsonb_build_object(
				'agent', case when av.id is not null then jsonb_build_object('id', av.id, 'name', av.agent_name, 'version', av.version, 'bundle_sha256', av.bundle_sha256,
					'documents', (select coalesce(jsonb_agg(jsonb_build_object('title', d.value ->> 'title', 'sha256', d.value ->> 'sha256')), '[]')
						from jsonb_array_elements(case when jsonb_typeof(av.compiled_bundle -> 'documents') = 'array' then av.compiled_bundle -> 'documents' else '[]' end) d)) end,
				'prompt', case when sp.id is not null then jsonb_build_object('id', sp.id, 'version', sp.version, 'sha256', sp.prompt_sha256, 'learned_rules', jsonb_array_length(case when jsonb_typeof(sp.learned_rules) = 'array' then sp.learned_rules else '[]' end)) end,
				'persona', case when tp.id is not null then jsonb_build_object('id', tp.id, 'version', tp.version) end)
			from turns t left join agent_versions av on av.tenant_id = t.tenant_id and av.id = t.agent_version_id
			left join system_prompts sp on sp.tenant_id = t.tenant_id and sp.id = t.system_prompt_id left join tenant_personas tp on tp.tenant_id = t.tenant_id and tp.id = t.persona_id
			where t.tenant_id = p_tenant_id and t.id = r.turn_id),
		-- The class of the turn; where it made none, the last one before it.
		'class', (select jsonb_build_object('classification', c.classification, 'personal_reason', c.personal_reason, 'icp_score', c.icp_score, 'fit_score', c.fit_score, 'intent_score', c.intent_score,
				'confidence', c.confidence, 'decided_by', c.decided_by, 'treatment', c.treatment, 'persona_version', c.persona_version, 'score_breakdown', c.score_breakdown, 'at', c.created_at,
				'of_this_turn', c.turn_id is not distinct from r.turn_id)
			from leads l join classified_leads c on c.tenant_id = p_tenant_id and c.lead_id = l.id
			where l.tenant_id = p_tenant_id and l.contact_id = r.contact_id and (c.turn_id = r.turn_id or c.created_at <= r.created_at)
			order by c.turn_id is not distinct from r.turn_id desc, c.created_at desc limit 1),
		'history', coalesce((select jsonb_agg(jsonb_build_object('message_id', h.id, 'at', coalesce(h.provider_timestamp, h.created_at), 'author', h.author, 'kind', h.kind, 'text', nullif(h.body, ''),
			'text_gone', (select g.why from gone g where g.id = h.id)) order by h.id) from history h), '[]'),
		'tools', coalesce((select jsonb_agg(jsonb_build_object('plugin', k.plugin, 'tool', k.tool, 'status', k.status, 'arguments', k.arguments, 'result', k.result, 'error_code', k.error_code,
			'attempts', k.attempts, 'latency_ms', k.latency_ms, 'at', k.created_at) order by k.created_at)
			from (select * from tool_calls k where k.tenant_id = p_tenant_id and k.conversation_id = r.conversation_id and k.turn_id = r.turn_id order by k.created_at limit 50) k), '[]'),
		'send', (select jsonb_build_object('status', o.status, 'kind', o.kind, 'author', o.author, 'attempts', o.attempts, 'created_at', o.created_at, 'sent_at', o.sent_at, 'delivered_at', o.delivered_at,
			'read_at', o.read_at, 'failed_at', o.failed_at, 'unknown_since', o.unknown_since, 'settled_by', o.settled_by, 'error_code', o.error_code, 'error_message', o.error_message,
			'template_id', o.template_id, 'provider_message_id', o.provider_message_id, 'category', o.message_category, 'cost_usd', o.cost_usd, 'cost_basis', o.cost_basis)
			from outbox_messages o where o.tenant_id = p_tenant_id and o.id = r.outbox_id),
		'parts', coalesce((select jsonb_agg(jsonb_build_object('message_id', p.id, 'outbox_id', p.outbox_id, 'status', p.status, 'this', p.id = r.id) order by p.id)
			from (select * from messages p where p.tenant_id = p_tenant_id and p.turn_id = r.turn_id and p.direction = 'outbound' order by p.id limit 20) p), '[]'),
		'model_calls', coalesce((select jsonb_agg(jsonb_build_object('purpose', u.purpose, 'provider', u.provider, 'model', u.model, 'input_tokens', u.input_tokens, 'cached_input_tokens', u.cached_input_tokens,
			'output_tokens', u.output_tokens, 'cost_usd', u.cost_usd, 'latency_ms', u.latency_ms, 'attempts', u.attempts, 'outcome', u.outcome, 'at', u.created_at) order by u.id) from calls u), '[]'),
		'cost', (select jsonb_build_object('model_usd', sum(u.cost_usd), 'unpriced_calls', count(*) filter (where u.cost_usd is null)) from calls u),
		'removed', to_jsonb(array_remove(array[
			case when r.turn_id is not null and r.found_turn is null then 'turn' end,
			case when r.turn_id is not null and r.found_turn is null and not exists (select 1 from calls) then 'model_calls' end,
			case when r.outbox_id is not null and r.found_send is null then 'send' end,
			case when exists (select 1 from gone g where g.why = 'retention') then 'texts' end], null)))
	from told r
$$;
comment on function explain_reply(uuid, uuid, bigint) is
	'Why did it say that? All that is known of one reply, by its outbox id or message id: what was asked, class and points, versions and hashes, what stood before, tools, checks, sends, model calls, cost; removed says what retention has taken. Null for an unknown one.';

create function dashboard(p_tenant_id uuid, p_days integer) returns jsonb
language sql stable
set search_path from current
as $$
	with span as materialized (
		select t.*, x.today, x.today - (least(greatest(p_days, 1), 180) - 1) as from_day from tenants t cross join lateral (select (now() at time zone t.timezone)::date as today) x where t.id = p_tenant_id
	)
	select jsonb_build_object(
		'tenant', jsonb_build_object('id', s.id, 'name', s.name, 'slug', s.slug, 'status', s.status, 'timezone', s.timezone),
		'from', s.from_day, 'today', s.today, 'now', now(),
		'rolled_at', (select r.rolled_at from rolled_days r where r.tenant_id = s.id and r.day = s.today),
		-- A day that was counted and has no row had nothing: zero, and null where nobody counted.
		'days', (select jsonb_agg(jsonb_build_object('day', d.day::date, 'counted', r.rolled_at is not null) || case when r.rolled_at is null then '{"inbound": null, "by_agent": null,
					"by_people": null, "by_system": null, "conversations": null, "new_conversations": null}'
				else jsonb_build_object('inbound', coalesce(m.inbound, 0), 'by_agent', coalesce(m.by_agent, 0), 'by_people', coalesce(m.by_people, 0), 'by_system', coalesce(m.by_system, 0),
					'conversations', coalesce(m.conversations, 0), 'new_conversations', coalesce(m.new_conversations, 0)) end order by d.day)
			from generate_series(s.from_day, s.today, '1 day') d(day) left join rolled_days r on r.tenant_id = s.id and r.day = d.day::date
			left join vw_daily_messages m on m.tenant_id = s.id and m.day = d.day::date),
		'waits', (select jsonb_agg(jsonb_build_object('figure', f.figure, 'n', w.n, 'p50_seconds', w.p50_seconds, 'p90_seconds', w.p90_seconds))
			from unnest(array['answer', 'first_answer', 'hot', 'handoff']) f(figure) cross join lateral wait_times(s.id, f.figure, s.from_day, s.today) w),
		'daily_waits', coalesce((select jsonb_agg(jsonb_build_object('day', w.day, 'figure', w.figure, 'n', w.n, 'p50_seconds', w.p50_seconds, 'p90_seconds', w.p90_seconds) order by w.day)
			from vw_daily_waits w where w.tenant_id = s.id and w.day >= s.from_day), '[]'),
		'hot', (select jsonb_build_object('turned', coalesce(sum(d.n) filter (where d.part = 'turned'), 0), 'answered', coalesce(sum(d.n) filter (where d.part = 'answered'), 0))
			from daily_counts d where d.tenant_id = s.id and d.figure = 'hot' and d.day >= s.from_day),
		'classes', coalesce((select jsonb_agg(jsonb_build_object('day', c.day, 'classification', c.classification, 'n', c.classified, 'mean_score', c.mean_score) order by c.day)
			from vw_daily_classes c where c.tenant_id = s.id and c.day >= s.from_day), '[]'),
		'funnel', (select jsonb_build_object('wrote', sum(f.wrote), 'classified', sum(f.classified), 'leads', sum(f.leads), 'hot', sum(f.hot), 'qualified', sum(f.qualified),
			'opportunities', sum(f.opportunities), 'clients', sum(f.clients)) from vw_daily_funnel f where f.tenant_id = s.id and f.day >= s.from_day),
		'steps', coalesce((select jsonb_agg(jsonb_build_object('step', x.event_type, 'n', x.n) order by x.n desc)
			from (select e.event_type, sum(e.events) as n from vw_daily_steps e where e.tenant_id = s.id and e.day >= s.from_day group by 1) x), '[]'),
		'versions', coalesce((select jsonb_agg(to_jsonb(v) - 'tenant_id' order by v.activated_at desc)
			from (select v.* from vw_version_performance v where v.tenant_id = s.id order by v.in_service desc, v.activated_at desc nulls last limit 40) v), '[]'),
		'daily_versions', coalesce((select jsonb_agg(to_jsonb(v) - 'tenant_id' order by v.day, v.target, v.version) from (
			select d.* from vw_daily_versions d where d.tenant_id = s.id and d.day >= s.from_day order by d.day desc limit 1000) v), '[]'),
		'changes', coalesce((select jsonb_agg(to_jsonb(c) - 'tenant_id' order by c.at)
			from (select c.* from vw_version_changes c where c.tenant_id = s.id and c.at >= s.from_day::timestamp at time zone s.timezone order by c.at desc limit 100) c), '[]'),
		'reflections', coalesce((select jsonb_agg(to_jsonb(r) - 'tenant_id' order by r.at desc) from (select r.* from vw_reflections r where r.tenant_id = s.id order by r.at desc limit 30) r), '[]'),
		'suggestions', coalesce((select jsonb_agg(to_jsonb(g) - 'tenant_id' order by g.created_at desc) from (select g.* from vw_suggestions g where g.tenant_id = s.id order by g.created_at desc limit 30) g), '[]'),
		'rollouts', coalesce((select jsonb_agg(to_jsonb(r) - 'tenant_id' order by r.started_at desc) from (select r.* from vw_rollouts r where r.tenant_id = s.id order by r.started_at desc limit 10) r), '[]'),
		'costs', coalesce((select jsonb_agg(jsonb_build_object('day', c.day, 'kind', c.kind, 'part', c.part, 'n', c.n, 'tokens', c.tokens, 'usd', c.usd, 'unpriced', c.unpriced) order by c.day)
			from vw_daily_cost c where c.tenant_id = s.id and c.day >= s.from_day), '[]'),
		'cost_per_result', (select to_jsonb(c) - 'tenant_id' from vw_cost_per_result c where c.tenant_id = s.id),
		'sends', coalesce((select jsonb_agg(jsonb_build_object('status', x.status, 'n', x.n) order by x.n desc)
			from (select d.status, sum(d.messages) as n from vw_daily_sends d where d.tenant_id = s.id and d.day >= s.from_day group by 1) x), '[]'),
		'outbox', (select to_jsonb(o) - 'tenant_id' from vw_outbox_health o where o.tenant_id = s.id),
		'handoffs', (select jsonb_build_object('handoffs', sum(h.handoffs), 'answered', sum(h.answered), 'in_time', sum(h.in_time), 'overdue', sum(h.overdue), 'waiting', sum(h.waiting))
			from vw_daily_handoffs h where h.tenant_id = s.id and h.day >= s.from_day),
		'limits', (select jsonb_agg(to_jsonb(l) - 'tenant_id') from vw_limits_used l where l.tenant_id = s.id),
		'kpis', (select jsonb_agg(to_jsonb(k) - 'tenant_id') from vw_kpis k where k.tenant_id = s.id),
		'health', coalesce((select jsonb_agg(to_jsonb(h) order by h.since) from ingest_health(s.id) h), '[]'))
	from span s
$$;
comment on function dashboard(uuid, integer) is 'Everything a tenant''s dashboard shows for so many days (at most 180), from the rolled-up figures: one round trip. Sums of days that were not counted are null.';

create function operator_dashboard(p_days integer, p_limit integer) returns jsonb
language sql stable
security definer
set search_path from current
as $$
	with tenant as materialized (
		select t.id, t.name, t.slug, t.status, x.today, x.today - (least(greatest(p_days, 1), 90) - 1) as from_day
		from tenants t cross join lateral (select (now() at time zone t.timezone)::date as today) x order by t.name, t.id limit least(p_limit, 500)
	), figure as materialized (
		select t.id, d.day, coalesce(sum(d.n) filter (where d.figure = 'message' and d.part = 'inbound'), 0) as inbound, coalesce(sum(d.n) filter (where d.figure = 'message' and d.part <> 'inbound'), 0) as outbound,
			coalesce(sum(d.n) filter (where d.figure = 'conversation'), 0) as new_conversations, coalesce(sum(d.n) filter (where d.figure = 'hot'), 0) as hot,
			coalesce(sum(d.n) filter (where d.figure = 'outcome' and d.part = 'client'), 0) as clients, sum(d.amount) filter (where d.figure = 'model_call') as model_usd,
			sum(d.amount) filter (where d.figure = 'meta_message') as meta_usd, coalesce(sum(d.n) filter (where d.figure in ('model_unpriced', 'meta_unpriced')), 0) as unpriced
		from tenant t join daily_counts d on d.tenant_id = t.id and d.day >= t.from_day and (d.figure in ('message', 'model_call', 'meta_message', 'model_unpriced', 'meta_unpriced')
			or (d.figure, d.part) in (('conversation', 'new'), ('hot', 'turned'), ('outcome', 'client')))
		group by t.id, d.day
	)
	select jsonb_build_object('now', now(),
		'tenants', coalesce((select jsonb_agg(jsonb_build_object('id', t.id, 'name', t.name, 'slug', t.slug, 'status', t.status, 'inbound', f.inbound, 'outbound', f.outbound,
				'new_conversations', f.new_conversations, 'hot', f.hot, 'clients', f.clients, 'model_usd', f.model_usd, 'meta_usd', f.meta_usd, 'unpriced', f.unpriced,
				'answer_p50_seconds', w.p50_seconds, 'answer_p90_seconds', w.p90_seconds, 'health', coalesce(h.health, '[]'),
				'rolled_at', (select max(r.rolled_at) from rolled_days r where r.tenant_id = t.id and r.day >= t.today - 1)) order by t.name)
			from tenant t
			left join (select x.id, sum(x.inbound) as inbound, sum(x.outbound) as outbound, sum(x.new_conversations) as new_conversations, sum(x.hot) as hot, sum(x.clients) as clients,
				sum(x.model_usd) as model_usd, sum(x.meta_usd) as meta_usd, sum(x.unpriced) as unpriced from figure x group by x.id) f on f.id = t.id
			cross join lateral wait_times(t.id, 'answer', t.from_day, t.today) w
			cross join lateral (select jsonb_agg(to_jsonb(i)) as health from ingest_health(t.id) i) h), '[]'),
		'days', coalesce((select jsonb_agg(to_jsonb(d) order by d.day) from (select f.day, sum(f.inbound) as inbound, sum(f.outbound) as outbound, sum(f.new_conversations) as new_conversations, sum(f.hot) as hot,
			sum(f.clients) as clients, sum(f.model_usd) as model_usd, sum(f.meta_usd) as meta_usd from figure f group by f.day) d), '[]'),
		'unrouted_events', (select count(*) from (select 1 from webhook_events e where e.tenant_id is null and e.received_at > now() - interval '1 day' limit 1000) u),
		'automation_stopped_at', (select min(w.stopped_at) from factory_switches w))
$$;
comment on function operator_dashboard(integer, integer) is 'Door, for the operator alone. Each tenant''s figures of so many days (at most 90) by its own time zone, what is stuck where, and the sums by day; at most 500 tenants.';

create function affected_by_rollback(p_tenant_id uuid, p_target text, p_version_id uuid) returns jsonb
language sql stable
set search_path from current
as $$
	with seen as (
		select l.contact_id, l.id as lead_id, max(c.created_at) as at from classified_leads c join leads l on l.tenant_id = p_tenant_id and l.id = c.lead_id
			where p_target = 'persona' and c.tenant_id = p_tenant_id and c.persona_id = p_version_id group by 1, 2
		union all
		select c.contact_id, null, max(t.finished_at) from turns t join conversations c on c.tenant_id = p_tenant_id and c.id = t.conversation_id
			where p_target = 'prompt' and t.tenant_id = p_tenant_id and t.system_prompt_id = p_version_id and t.finished_at > now() - interval '30 days' group by 1
	)
	select jsonb_build_object('people', count(*), 'people_7d', count(*) filter (where s.at > now() - interval '7 days'),
		'open_conversations', (select count(*) from conversations c where c.tenant_id = p_tenant_id and c.status = 'open' and c.last_customer_message_at > now() - interval '24 hours'
			and c.contact_id in (select x.contact_id from seen x)),
		'running_rollout', (select r.id from rollouts r where r.tenant_id = p_tenant_id and r.ended_at is null and p_version_id in (r.candidate_persona_id, r.candidate_prompt_id) limit 1))
	from seen s
$$;
comment on function affected_by_rollback(uuid, text, uuid) is 'Who would meet another version if this persona or prompt were rolled back: people it served (prompts: of the last 30 days), of the last 7 days, and conversations open right now.';

select secure_schema();
