-- breaking: no
-- What happened on a day of a tenant, counted once: the tables behind the dashboard, and the function that fills one day of them.

create table rolled_days (
	tenant_id uuid not null references tenants (id) on delete cascade,
	day date not null,
	timezone text not null,
	rolled_at timestamptz,
	late_since timestamptz,
	primary key (tenant_id, day)
);
comment on table rolled_days is 'Which days of a tenant are counted, when, and by which time zone. late_since: something of that day became known after it was counted. The row is the lock of its day.';
create index rolled_days_due on rolled_days (day) where rolled_at is null or late_since is not null;

create table daily_counts (
	tenant_id uuid not null references tenants (id) on delete cascade,
	day date not null,
	figure text not null constraint daily_counts_figure_known check (figure in ('message', 'conversation', 'send', 'engagement', 'turn', 'answer', 'first_answer', 'class', 'hot', 'person',
		'outcome', 'event', 'handoff', 'model_call', 'model_tokens', 'model_unpriced', 'meta_message', 'meta_unpriced')),
	part text not null,
	n bigint not null,
	amount numeric(18, 6),
	primary key (tenant_id, day, figure, part)
);
comment on table daily_counts is 'Counts of a day of the tenant by figure and part; amount is the sum that belongs to the figure: seconds, points or US dollars. They outlive what they were counted from. docs/data-model.md names each.';

create table daily_times (
	tenant_id uuid not null references tenants (id) on delete cascade,
	day date not null,
	figure text not null constraint daily_times_figure_known check (figure in ('answer', 'first_answer', 'hot', 'handoff')),
	bucket smallint not null,
	n bigint not null,
	primary key (tenant_id, day, figure, bucket)
);
comment on table daily_times is 'Waiting times of a day as a histogram with buckets of 9 %, so that medians and percentiles of several days are those of all their waits, to 4.5 %.';

create table daily_versions (
	tenant_id uuid not null references tenants (id) on delete cascade,
	day date not null,
	target text not null constraint daily_versions_target_known check (target in ('persona', 'prompt')),
	version_id uuid not null,
	people bigint not null,
	hot bigint not null,
	won bigint not null,
	lost bigint not null,
	hot_won bigint not null,
	hot_lost bigint not null,
	hot_right bigint not null,
	hot_wrong bigint not null,
	score_sum bigint not null,
	scored bigint not null,
	primary key (tenant_id, day, target, version_id)
);
comment on table daily_versions is 'People who first met a persona or prompt version on a day, and what became of them: won or lost within 30 days (the rest is open), of the hot ones too, and whether people said that HOT was right or wrong.';

create function time_bucket(p_seconds numeric) returns smallint
language sql immutable
set search_path from current
as $$ select case when p_seconds <= 0.1 then 0 else least(240, ceil(8 * ln(p_seconds / 0.1) / ln(2.0))) end::smallint $$;
comment on function time_bucket(numeric) is 'The bucket of a wait: eight for each doubling from a tenth of a second on.';

create function bucket_seconds(p_bucket integer) returns numeric
language sql immutable
set search_path from current
as $$ select round(case when p_bucket = 0 then 0.1 else 0.1 * power(2.0, (p_bucket - 0.5) / 8) end::numeric, 3) $$;
comment on function bucket_seconds(integer) is 'What a wait in this bucket counts as: its middle, at most 4.5 % off.';

create function message_id_at(p_tenant_id uuid, p_at timestamptz) returns bigint
language plpgsql stable
set search_path from current
as $$
declare
	v_low bigint;
	v_high bigint;
	v_middle record;
begin
	select min(m.id), max(m.id) + 1 into v_low, v_high from messages m where m.tenant_id = p_tenant_id;
	while v_low < v_high loop
		select m.id, m.created_at into v_middle from messages m where m.tenant_id = p_tenant_id and m.id >= (v_low + v_high) / 2 order by m.id limit 1;
		if v_middle.created_at >= p_at then
			v_high := (v_low + v_high) / 2;
		else
			v_low := v_middle.id + 1;
		end if;
	end loop;
	return v_low;
end
$$;
comment on function message_id_at(uuid, timestamptz) is 'The first message that was stored at that time or later: ids grow with time, so that no index by time is needed. Null without messages.';

-- A day is little of a large table: no plan reads one from end to end.
create function roll_up_day(p_tenant_id uuid, p_day date) returns boolean
language plpgsql
set enable_seqscan = off
set search_path from current
as $$
declare
	c_sent constant text[] := array['sent', 'delivered', 'read', 'played'];
	c_won constant text[] := array['opportunity', 'client'];
	c_wrong constant text[] := array['ruim', 'pessoal', 'spam', 'concorrente'];
	c_horizon constant interval := interval '30 days';
	c_steps constant text[] := array['conversation.started', 'lead.classified', 'lead.hot', 'lead.qualified', 'handoff.started', 'handoff.answered', 'handoff.returned', 'appointment.booked',
		'appointment.cancelled', 'appointment.confirmed', 'reminder.sent', 'deal.created', 'deal.stage_changed', 'deal.won', 'deal.lost', 'form.imported', 'template.sent', 'template.answered',
		'followup.sent', 'call.requested', 'call.made', 'call.missed', 'agent.activated', 'consent.granted', 'consent.withdrawn'];
	v_zone text;
	v_from timestamptz;
	v_to timestamptz;
	v_first bigint;
	v_last bigint;
	v_kept text[];
begin
	select t.timezone, p_day::timestamp at time zone t.timezone, (p_day + 1)::timestamp at time zone t.timezone into v_zone, v_from, v_to from tenants t where t.id = p_tenant_id;
	if not found then
		raise exception 'tenant % does not exist', p_tenant_id using errcode = 'ZF004';
	end if;
	insert into rolled_days (tenant_id, day, timezone) values (p_tenant_id, p_day, v_zone) on conflict do nothing;
	-- What is of the day itself was whole at the last count: what it was counted from may be gone by now.
	select case when r.rolled_at >= v_to + interval '25 hours' and r.timezone = v_zone
			then array['message', 'conversation', 'engagement', 'turn', 'answer', 'first_answer', 'class', 'event', 'model_call', 'model_tokens', 'model_unpriced'] else '{}' end
		into v_kept from rolled_days r where r.tenant_id = p_tenant_id and r.day = p_day for update;
	-- Who stored a message at the edge may have committed later than its neighbours.
	v_first := message_id_at(p_tenant_id, v_from - interval '15 minutes');
	v_last := message_id_at(p_tenant_id, v_to + interval '15 minutes');

	with said as materialized (
		select m.id, m.conversation_id, m.contact_id, m.direction, m.author, m.status, m.turn_id, m.outbox_id, m.created_at, coalesce(m.provider_timestamp, m.status_at) as sent_at
		from messages m
		where m.tenant_id = p_tenant_id and m.id >= v_first and m.id < v_last and m.created_at >= v_from and m.created_at < v_to
			-- A phone that joins brings months of history along.
			and (m.provider_timestamp is null or m.provider_timestamp > m.created_at - interval '7 days')
	), sent as materialized (
		select o.id, o.sent_at, o.message_category, o.cost_usd, o.cost_basis from outbox_messages o where o.tenant_id = p_tenant_id and o.created_at >= v_from and o.created_at < v_to
	), kept as (
		select unnest(v_kept) as figure
		union select unnest(array['meta_message', 'meta_unpriced']) where exists (
			select 1 from said s where s.outbox_id is not null and not exists (select 1 from outbox_messages o where o.tenant_id = p_tenant_id and o.id = s.outbox_id))
		union select 'prompt' where v_kept <> '{}' and (select count(*) from turns u where u.tenant_id = p_tenant_id and u.finished_at >= v_from and u.finished_at < v_to)
			< (select coalesce(sum(d.n), 0) from daily_counts d where d.tenant_id = p_tenant_id and d.day = p_day and d.figure = 'turn')
	), began as materialized (
		select s.conversation_id, s.contact_id, min(s.id) as id, min(s.created_at) as at from said s where s.direction = 'inbound' group by 1, 2
		having not exists (select 1 from messages e where e.tenant_id = p_tenant_id and e.conversation_id = s.conversation_id and e.direction = 'inbound' and e.id < min(s.id))
	), answers as materialized (
		select distinct on (s.turn_id) s.turn_id, greatest(0, extract(epoch from coalesce(x.sent_at, s.sent_at) - t.received_at)) as seconds
		from said s join turns t on t.tenant_id = p_tenant_id and t.id = s.turn_id left join sent x on x.id = s.outbox_id
		where s.direction = 'outbound' and s.author = 'agent' and s.status = any (c_sent) order by s.turn_id, s.id
	), first_answers as materialized (
		select greatest(0, extract(epoch from coalesce(x.sent_at, f.sent_at) - i.at)) as seconds
		from (select distinct on (s.conversation_id) s.* from said s where s.direction = 'outbound' and s.author in ('agent', 'human') and s.status = any (c_sent) order by s.conversation_id, s.id) f
		left join sent x on x.id = f.outbox_id
		cross join lateral (select m.id, m.created_at as at from messages m where m.tenant_id = p_tenant_id and m.conversation_id = f.conversation_id and m.direction = 'inbound' order by m.id limit 1) i
		where i.id < f.id and not exists (select 1 from messages e where e.tenant_id = p_tenant_id and e.conversation_id = f.conversation_id and e.id > i.id and e.id < f.id
			and e.direction = 'outbound' and e.author in ('agent', 'human') and e.status = any (c_sent))
	), runs as (
		select n.direction = 'inbound' and n.created_at < s.created_at + interval '24 hours' as answered
		from said s left join lateral (select m.direction, m.created_at from messages m where m.tenant_id = p_tenant_id and m.conversation_id = s.conversation_id and m.id > s.id order by m.id limit 1) n on true
		where s.direction = 'outbound' and s.status = any (c_sent) and n.direction is distinct from 'outbound'
	), hot as materialized (
		select case when a.at is not null then greatest(0, extract(epoch from a.at - w.at)) end as seconds
		from classified_leads c
		left join turns t on t.tenant_id = p_tenant_id and t.id = c.turn_id
		cross join lateral (select coalesce(t.received_at, c.message_timestamp) as at) w
		left join lateral (select p.classification from classified_leads p where p.tenant_id = p_tenant_id and p.lead_id = c.lead_id and (p.created_at, p.id) < (c.created_at, c.id)
			order by p.created_at desc, p.id desc limit 1) was on true
		left join lateral (select coalesce(o.sent_at, m.provider_timestamp, m.status_at) as at from messages m left join outbox_messages o on o.tenant_id = p_tenant_id and o.id = m.outbox_id
			where m.tenant_id = p_tenant_id and m.conversation_id = c.conversation_id and m.direction = 'outbound' and m.author in ('agent', 'human') and m.status = any (c_sent) and m.created_at >= w.at
			order by m.id limit 1) a on true
		where c.tenant_id = p_tenant_id and c.classification = 'LEAD_HOT' and c.created_at >= v_from and c.created_at < v_to + interval '1 day' and w.at >= v_from and w.at < v_to
			and was.classification is distinct from 'LEAD_HOT'
	), handed as materialized (
		select h.first_answer_at, h.returned_at, h.sla_due_at, extract(epoch from h.first_answer_at - h.started_at) as seconds,
			coalesce(h.first_answer_at, h.returned_at, now()) > h.sla_due_at as overdue
		from handoffs h where h.tenant_id = p_tenant_id and h.started_at >= v_from and h.started_at < v_to
	), met as materialized (
		-- Who met which version first today, and who is new.
		select 'persona' as target, c.persona_id as version_id, c.lead_id as lead_id from classified_leads c
			where c.tenant_id = p_tenant_id and c.created_at >= v_from and c.created_at < v_to and c.persona_id is not null
				and not exists (select 1 from classified_leads e where e.tenant_id = p_tenant_id and e.lead_id = c.lead_id and e.persona_id = c.persona_id and e.created_at < v_from)
			group by 2, 3
		union all
		select 'prompt', u.system_prompt_id, l.id from turns u
			join conversations c on c.tenant_id = p_tenant_id and c.id = u.conversation_id
			join leads l on l.tenant_id = p_tenant_id and l.contact_id = c.contact_id
			where u.tenant_id = p_tenant_id and u.finished_at >= v_from and u.finished_at < v_to and u.system_prompt_id is not null
				and not exists (select 1 from turns e where e.tenant_id = p_tenant_id and e.conversation_id = u.conversation_id and e.system_prompt_id = u.system_prompt_id and e.finished_at < v_from)
			group by 2, 3
		union all
		select 'new', b.contact_id, l.id from began b
			join conversations c on c.tenant_id = p_tenant_id and c.id = b.conversation_id
			left join leads l on l.tenant_id = p_tenant_id and l.contact_id = b.contact_id
			where not exists (select 1 from conversations e where e.tenant_id = p_tenant_id and e.contact_id = b.contact_id and e.id <> b.conversation_id
				and e.created_at < c.created_at and e.last_customer_message_at is not null)
			group by 2, 3
	), person as materialized (
		-- As lead_labels says it of one person.
		select l.id, l.classification, l.first_hot_at, l.stage, s.opportunity, s.client, s.verdict,
			coalesce(s.won_at <= l.created_at + c_horizon, false) as won,
			coalesce(s.rejected or s.verdict = any (c_wrong), false) or l.created_at + c_horizon <= now() as lost, s.won_at is not null as ever_won
		from (select distinct m.lead_id from met m) x join leads l on l.tenant_id = p_tenant_id and l.id = x.lead_id
		left join lateral (
			select min(o.happened_at) filter (where o.kind = any (c_won)) as won_at, bool_or(o.kind = 'rejected') as rejected,
				(array_agg(o.kind order by o.happened_at desc, o.id desc) filter (where o.tier = 1))[1] as verdict, bool_or(o.kind = any (c_won)) as opportunity, bool_or(o.kind = 'client') as client
			from (select o.* from lead_outcomes o where o.tenant_id = p_tenant_id and o.lead_id = l.id
				union select o.* from classified_leads k join lead_outcomes o on o.tenant_id = p_tenant_id and o.classified_lead_id = k.id
					where k.tenant_id = p_tenant_id and k.lead_id = l.id) o
		) s on true
	), counted(figure, part, n, amount) as (
		select 'message', case s.direction when 'inbound' then 'inbound' else s.author end, count(*), null::numeric from said s group by 2
		union all select 'conversation', 'active', count(distinct s.conversation_id), null from said s
		union all select 'conversation', 'new', count(*), null from began
		union all select 'send', case s.status when 'played' then 'read' else s.status end, count(*), null from said s where s.outbox_id is not null group by 2
		union all select 'engagement', x.part, x.n, null from (select count(*) as runs, count(*) filter (where r.answered) as answered from runs r) r
			cross join lateral (values ('runs', r.runs), ('answered', r.answered)) x(part, n)
		union all select 'turn', u.outcome, count(*), null from turns u where u.tenant_id = p_tenant_id and u.finished_at >= v_from and u.finished_at < v_to group by 2
		union all select 'answer', '', count(*), sum(a.seconds) from answers a
		union all select 'first_answer', '', count(*), sum(a.seconds) from first_answers a
		union all select 'class', c.classification, count(*), sum(c.icp_score) from classified_leads c where c.tenant_id = p_tenant_id and c.created_at >= v_from and c.created_at < v_to group by 2
		union all select 'hot', 'turned', count(*), null from hot
		union all select 'hot', 'answered', count(h.seconds), sum(h.seconds) from hot h
		union all select 'person', x.part, x.n, null from (
				select count(*) as wrote, count(p.id) as classified, count(*) filter (where p.classification like 'LEAD\_%' or p.first_hot_at is not null) as lead, count(p.first_hot_at) as hot,
					count(*) filter (where p.stage <> 'lead') as qualified, count(*) filter (where p.opportunity) as opportunity, count(*) filter (where p.client) as client,
					count(*) filter (where p.first_hot_at is not null and p.won) as hot_won, count(*) filter (where p.first_hot_at is not null and p.lost and not p.won) as hot_lost,
					count(*) filter (where p.first_hot_at is not null and (p.ever_won or p.verdict = 'bom')) as hot_right,
					count(*) filter (where p.first_hot_at is not null and not p.ever_won and p.verdict = any (c_wrong)) as hot_wrong
				from met m left join person p on p.id = m.lead_id where m.target = 'new') f
			cross join lateral (values ('wrote', f.wrote), ('classified', f.classified), ('lead', f.lead), ('hot', f.hot), ('qualified', f.qualified), ('opportunity', f.opportunity), ('client', f.client),
				('hot_won', f.hot_won), ('hot_lost', f.hot_lost), ('hot_right', f.hot_right), ('hot_wrong', f.hot_wrong)) x(part, n)
		union all select 'outcome', o.kind, count(*), null from lead_outcomes o where o.tenant_id = p_tenant_id and o.created_at >= v_from and o.created_at < v_to group by 2
		union all select 'event', e.event_type, count(*), count(distinct e.lead_id) from unnest(c_steps) k(name)
			join analytics_events e on e.tenant_id = p_tenant_id and e.event_type = k.name and e.created_at >= v_from and e.created_at < v_to group by 2
		union all select 'handoff', x.part, x.n, x.amount from (
				select count(*) as started, count(h.first_answer_at) as answered, sum(h.seconds) filter (where h.sla_due_at is not null) as seconds, count(h.seconds) filter (where h.sla_due_at is not null) as timed,
					count(*) filter (where h.first_answer_at <= h.sla_due_at) as in_time, count(*) filter (where h.overdue) as overdue,
					count(*) filter (where h.first_answer_at is null and h.returned_at is null) as waiting from handed h) f
			cross join lateral (values ('started', f.started, null), ('answered', f.answered, null), ('timed', f.timed, f.seconds), ('in_time', f.in_time, null), ('overdue', f.overdue, null),
				('waiting', f.waiting, null)) x(part, n, amount)
		union all select 'model_call', u.purpose, count(*), sum(u.cost_usd) from llm_usage u where u.tenant_id = p_tenant_id and u.created_at >= v_from and u.created_at < v_to group by 2
		union all select 'model_tokens', u.purpose, sum(u.input_tokens + u.output_tokens), null from llm_usage u where u.tenant_id = p_tenant_id and u.created_at >= v_from and u.created_at < v_to group by 2
		union all select 'model_unpriced', u.purpose, count(*), null from llm_usage u where u.tenant_id = p_tenant_id and u.created_at >= v_from and u.created_at < v_to and u.cost_usd is null group by 2
		union all select 'meta_message', x.message_category, count(*), sum(x.cost_usd) from sent x where x.cost_basis <> 'not_delivered' group by 2
		union all select 'meta_unpriced', x.message_category, count(*), null from sent x where x.cost_basis = 'no_price' group by 2
	), fresh as materialized (
		select c.* from counted c where c.part is not null and (c.n > 0 or c.amount <> 0) and not exists (select 1 from kept k where k.figure = c.figure)
	), counts_gone as (
		delete from daily_counts d where d.tenant_id = p_tenant_id and d.day = p_day and not exists (select 1 from kept k where k.figure = d.figure)
			and not exists (select 1 from fresh f where f.figure = d.figure and f.part = d.part)
	), counts_kept as (
		insert into daily_counts as d (tenant_id, day, figure, part, n, amount) select p_tenant_id, p_day, f.figure, f.part, f.n, f.amount from fresh f
			on conflict (tenant_id, day, figure, part) do update set n = excluded.n, amount = excluded.amount where (d.n, d.amount) is distinct from (excluded.n, excluded.amount)
	), waits as materialized (
		select w.figure, time_bucket(w.seconds) as bucket, count(*) as n from (
			select 'answer' as figure, a.seconds from answers a
			union all select 'first_answer', a.seconds from first_answers a
			union all select 'hot', h.seconds from hot h where h.seconds is not null
			union all select 'handoff', h.seconds from handed h where h.seconds is not null and h.sla_due_at is not null) w
		where not w.figure = any (v_kept) group by 1, 2
	), times_gone as (
		delete from daily_times d where d.tenant_id = p_tenant_id and d.day = p_day and not d.figure = any (v_kept)
			and not exists (select 1 from waits w where w.figure = d.figure and w.bucket = d.bucket)
	), times_kept as (
		insert into daily_times as d (tenant_id, day, figure, bucket, n) select p_tenant_id, p_day, w.figure, w.bucket, w.n from waits w
			on conflict (tenant_id, day, figure, bucket) do update set n = excluded.n where d.n <> excluded.n
	), versions as materialized (
		select m.target, m.version_id, count(*) as people, count(*) filter (where h.hot) as hot, count(*) filter (where p.won) as won, count(*) filter (where p.lost and not p.won) as lost,
			count(*) filter (where h.hot and p.won) as hot_won, count(*) filter (where h.hot and p.lost and not p.won) as hot_lost,
			count(*) filter (where h.hot and (p.ever_won or p.verdict = 'bom')) as hot_right, count(*) filter (where h.hot and not p.ever_won and p.verdict = any (c_wrong)) as hot_wrong,
			coalesce(sum(h.score), 0) as score_sum, count(h.score) as scored
		from met m join person p on p.id = m.lead_id
		cross join lateral (
			select case when m.target = 'prompt' then p.first_hot_at is not null else coalesce(bool_or(c.classification = 'LEAD_HOT'), false) end as hot,
				(array_agg(c.icp_score order by c.created_at desc) filter (where c.classification like 'LEAD\_%'))[1] as score
			from classified_leads c where c.tenant_id = p_tenant_id and c.lead_id = m.lead_id and (m.target = 'prompt' or c.persona_id = m.version_id)
		) h
		where m.target <> 'new' and not exists (select 1 from kept k where k.figure = m.target) group by 1, 2
	), versions_gone as (
		delete from daily_versions d where d.tenant_id = p_tenant_id and d.day = p_day and not exists (select 1 from kept k where k.figure = d.target)
			and not exists (select 1 from versions v where v.target = d.target and v.version_id = d.version_id)
	), versions_kept as (
		insert into daily_versions as d select p_tenant_id, p_day, v.* from versions v
			on conflict (tenant_id, day, target, version_id) do update set people = excluded.people, hot = excluded.hot, won = excluded.won, lost = excluded.lost, hot_won = excluded.hot_won,
				hot_lost = excluded.hot_lost, hot_right = excluded.hot_right, hot_wrong = excluded.hot_wrong, score_sum = excluded.score_sum, scored = excluded.scored
			where (d.people, d.hot, d.won, d.lost, d.hot_right, d.hot_wrong, d.hot_won, d.hot_lost, d.score_sum) is distinct from (excluded.people, excluded.hot, excluded.won, excluded.lost,
				excluded.hot_right, excluded.hot_wrong, excluded.hot_won, excluded.hot_lost, excluded.score_sum)
	)
	update rolled_days r set rolled_at = now(), timezone = v_zone, late_since = null where r.tenant_id = p_tenant_id and r.day = p_day;
	return true;
end
$$;
comment on function roll_up_day(uuid, date) is
	'Counts a day of a tenant anew: as often as one likes, always the same. What is of the day itself stands once the day and the next are over; what became of its people is counted again.';

select secure_schema();
