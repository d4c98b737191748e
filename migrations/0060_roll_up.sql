-- breaking: no
-- Which days are to be counted, by whom, and the figures of a day as people and BI tools read them.

create table roll_up_progress (
	tenant_id uuid primary key references tenants (id) on delete cascade,
	looked_at timestamptz not null
);
comment on table roll_up_progress is 'Up to when a tenant was looked through for facts that change a day already counted.';

create function find_late_days(p_tenant_id uuid, p_fresh_minutes integer) returns integer
language plpgsql
set search_path from current
as $$
declare
	v_zone text;
	v_today date;
	v_since timestamptz;
	v_newest date;
	v_first timestamptz;
	v_late integer;
begin
	-- Who finds another at work leaves the tenant to it.
	if not pg_try_advisory_xact_lock(hashtextextended(p_tenant_id::text || 'roll_up', 0)) then
		return 0;
	end if;
	select t.timezone, (now() at time zone t.timezone)::date, coalesce(p.looked_at, now()), t.created_at into v_zone, v_today, v_since, v_first
		from tenants t left join roll_up_progress p on p.tenant_id = t.id
		where t.id = p_tenant_id and (p.looked_at is null or p.looked_at <= now() - make_interval(mins => p_fresh_minutes));
	if not found then
		return 0;
	end if;
	-- Who wrote at that time may have committed after the last look.
	v_since := v_since - interval '10 minutes';
	select max(r.day) into v_newest from rolled_days r where r.tenant_id = p_tenant_id;
	if v_newest is null then
		select least(v_first, min(m.created_at)) into v_first from messages m where m.tenant_id = p_tenant_id and m.id = message_id_at(p_tenant_id, '-infinity');
		v_newest := greatest((v_first at time zone v_zone)::date, v_today - 180) - 1;
	end if;
	insert into rolled_days (tenant_id, day, timezone) select p_tenant_id, d::date, v_zone from generate_series(v_newest + 1, v_today, '1 day') d on conflict do nothing;

	with touched as materialized (
		select o.lead_id from lead_outcomes o where o.tenant_id = p_tenant_id and o.created_at >= v_since
		union select c.lead_id from lead_outcomes o join classified_leads c on c.tenant_id = p_tenant_id and c.id = o.classified_lead_id where o.tenant_id = p_tenant_id and o.created_at >= v_since
		union select e.lead_id from analytics_events e where e.tenant_id = p_tenant_id and e.event_type in ('lead.hot', 'lead.qualified') and e.created_at >= v_since and e.lead_id is not null
	), thread as materialized (
		select c.id from touched x join leads l on l.tenant_id = p_tenant_id and l.id = x.lead_id join conversations c on c.tenant_id = p_tenant_id and c.contact_id = l.contact_id
	), moment(at) as (
		select min(c.created_at) from touched x join classified_leads c on c.tenant_id = p_tenant_id and c.lead_id = x.lead_id group by x.lead_id, c.persona_id
		union all select m.created_at from thread t
			cross join lateral (select i.created_at from messages i where i.tenant_id = p_tenant_id and i.conversation_id = t.id and i.direction = 'inbound' order by i.id limit 1) m
		union all select min(u.finished_at) from thread t join turns u on u.tenant_id = p_tenant_id and u.conversation_id = t.id group by t.id, u.system_prompt_id
		union all select m.created_at from webhook_events e
			join messages m on m.tenant_id = p_tenant_id and m.channel_account_id = e.channel_account_id and m.provider_message_id = e.meta_message_id
			-- After a standstill the statuses of two days are enough: the days of the standstill are counted anyway.
			where e.tenant_id = p_tenant_id and e.received_at >= greatest(v_since, now() - interval '2 days') and e.kind = 'status'
		union all select h.started_at from analytics_events e join handoffs h on h.tenant_id = p_tenant_id and h.id = (e.event_data ->> 'handoffId')::uuid
			where e.tenant_id = p_tenant_id and e.event_type in ('handoff.answered', 'handoff.returned') and e.created_at >= v_since
	), late as (
		select distinct (m.at at time zone v_zone)::date as day from moment m
		-- What still waits for an end that nothing else tells of: looked at again each hour.
		union select c.day from daily_counts c join rolled_days r on r.tenant_id = c.tenant_id and r.day = c.day and r.rolled_at < now() - interval '1 hour'
			where c.tenant_id = p_tenant_id and ((c.figure = 'send' and c.part in ('pending', 'unknown') and c.day >= v_today - 30) or (c.figure = 'handoff' and c.part = 'waiting' and c.day >= v_today - 30)
				or (c.figure = 'hot' and c.part = 'turned' and c.day >= v_today - 7 and c.n > (select coalesce(max(a.n), 0) from daily_counts a
					where a.tenant_id = c.tenant_id and a.day = c.day and a.figure = 'hot' and a.part = 'answered')))
		-- Nobody counted while the next day went on.
		union select r.day from rolled_days r where r.tenant_id = p_tenant_id and r.day >= v_today - 180 and r.rolled_at < (r.day + 1)::timestamp at time zone v_zone + interval '25 hours'
		-- Whoever was open for 30 days is lost.
		union select r.day from rolled_days r where r.tenant_id = p_tenant_id and r.day between v_today - 60 and v_today - 32 and r.rolled_at < (r.day + 32)::timestamp at time zone v_zone
		-- The tenant moved to another time zone: days begin elsewhere.
		union select r.day from rolled_days r where r.tenant_id = p_tenant_id and r.day >= v_today - 30 and r.timezone <> v_zone
	)
	update rolled_days r set late_since = coalesce(r.late_since, now()) from late l
		where r.tenant_id = p_tenant_id and r.day = l.day and r.day >= v_today - 180 and r.day < v_today - 1 and r.rolled_at is not null;
	get diagnostics v_late = row_count;
	insert into roll_up_progress as p (tenant_id, looked_at) values (p_tenant_id, now()) on conflict (tenant_id) do update set looked_at = excluded.looked_at;
	return v_late;
end
$$;
comment on function find_late_days(uuid, integer) is
	'Lists the days of a tenant and marks those of which something became known since the last look: outcomes, steps of the pipeline, statuses, answers of people, the end of the 30 days. Up to 180 days back.';

create function roll_up_days(p_limit integer, p_fresh_minutes integer) returns table (tenant_id uuid, day date)
language plpgsql
security definer
set search_path from current
as $$
#variable_conflict use_column
declare
	v_tenant uuid;
	v_due record;
	v_done integer := 0;
begin
	for v_tenant in
		select t.id from tenants t left join roll_up_progress p on p.tenant_id = t.id
		where p.looked_at is null or p.looked_at <= now() - make_interval(mins => p_fresh_minutes)
		order by p.looked_at nulls first, t.id limit 200
	loop
		perform find_late_days(v_tenant, p_fresh_minutes);
		exit when clock_timestamp() > now() + interval '3 seconds';
	end loop;
	for v_due in
		select u.tenant_id, u.day from (
			select x.tenant_id, x.day, x.rolled_at from tenants t cross join lateral (
				select r.tenant_id, r.day, r.rolled_at from rolled_days r
				where r.tenant_id = t.id and r.day >= (now() at time zone t.timezone)::date - 3 and (r.rolled_at is null
					or (r.rolled_at < (r.day + 1)::timestamp at time zone t.timezone + interval '25 hours' and r.rolled_at <= now() - make_interval(mins => p_fresh_minutes)))
			) x
			union
			select r.tenant_id, r.day, r.rolled_at from rolled_days r where r.rolled_at is null or r.late_since is not null
			-- Today and yesterday of everybody first, then what is late, then the past.
		) u
		order by u.day < current_date - 3, u.rolled_at is null, u.day desc limit p_limit * 4
	loop
		-- A transaction stays short at whatever size: the rest is the next call's.
		exit when v_done >= p_limit or (v_done > 0 and clock_timestamp() > now() + interval '5 seconds');
		-- Whom another worker counts right now, or has just counted, is passed over.
		perform 1 from rolled_days r join tenants t on t.id = r.tenant_id
			where r.tenant_id = v_due.tenant_id and r.day = v_due.day and (r.late_since is not null or r.rolled_at is null
				or (r.rolled_at < (r.day + 1)::timestamp at time zone t.timezone + interval '25 hours' and r.rolled_at <= now() - make_interval(mins => p_fresh_minutes)))
			for update of r skip locked;
		if found then
			perform roll_up_day(v_due.tenant_id, v_due.day);
			v_done := v_done + 1;
			tenant_id := v_due.tenant_id;
			day := v_due.day;
			return next;
		end if;
	end loop;
end
$$;
comment on function roll_up_days(integer, integer) is
	'Door. Counts days that are due, of all tenants, at most so many a call: today and yesterday again after so many minutes, days of which something became known late, days never counted. Two at once do different ones.';

create function wait_times(p_tenant_id uuid, p_figure text, p_from date, p_to date) returns table (n bigint, p50_seconds numeric, p90_seconds numeric)
language sql stable
set search_path from current
as $$
	select max(b.total)::bigint, min(bucket_seconds(b.bucket)) filter (where b.up_to >= 0.5 * b.total), min(bucket_seconds(b.bucket)) filter (where b.up_to >= 0.9 * b.total)
	from (select d.bucket, sum(sum(d.n)) over (order by d.bucket) as up_to, sum(sum(d.n)) over () as total from daily_times d
		where d.tenant_id = p_tenant_id and d.figure = p_figure and d.day between p_from and p_to group by d.bucket) b
$$;
comment on function wait_times(uuid, text, date, date) is 'Median and 90th percentile of all waits of some days (answer, first_answer, hot, handoff), to 4.5 %; null where nobody was answered.';

create view vw_daily_messages with (security_invoker = true) as
	select d.tenant_id, d.day, coalesce(sum(d.n) filter (where d.figure = 'message' and d.part = 'inbound'), 0)::bigint as inbound,
		coalesce(sum(d.n) filter (where d.figure = 'message' and d.part = 'agent'), 0)::bigint as by_agent, coalesce(sum(d.n) filter (where d.figure = 'message' and d.part = 'human'), 0)::bigint as by_people,
		coalesce(sum(d.n) filter (where d.figure = 'message' and d.part = 'system'), 0)::bigint as by_system,
		coalesce(sum(d.n) filter (where d.figure = 'conversation' and d.part = 'active'), 0)::bigint as conversations,
		coalesce(sum(d.n) filter (where d.figure = 'conversation' and d.part = 'new'), 0)::bigint as new_conversations
	from daily_counts d where d.figure in ('message', 'conversation') group by d.tenant_id, d.day;
comment on view vw_daily_messages is 'Messages in and out by who wrote them, and conversations in which something was said, by day; a day without a row had none, if rolled_days knows it. History that a phone brought along is not counted.';

create view vw_daily_waits with (security_invoker = true) as
	select b.tenant_id, b.day, b.figure, max(b.total)::bigint as n, min(bucket_seconds(b.bucket)) filter (where b.up_to >= 0.5 * b.total) as p50_seconds,
		min(bucket_seconds(b.bucket)) filter (where b.up_to >= 0.9 * b.total) as p90_seconds
	from (select d.*, sum(d.n) over (partition by d.tenant_id, d.day, d.figure order by d.bucket) as up_to, sum(d.n) over (partition by d.tenant_id, d.day, d.figure) as total from daily_times d) b
	group by b.tenant_id, b.day, b.figure;
comment on view vw_daily_waits is 'Median and 90th percentile by day: answer (message to answer, day of the answer), first_answer (first message of a conversation to its first answer), hot (speed to lead, day of the first message), handoff (until a person answered).';

create view vw_daily_classes with (security_invoker = true) as
	select d.tenant_id, d.day, d.part as classification, d.n as classified, round(d.amount / nullif(d.n, 0), 1) as mean_score from daily_counts d where d.figure = 'class';
comment on view vw_daily_classes is 'Classifications by day and class with their mean score; a person who wrote twice was classified twice.';

create view vw_daily_funnel with (security_invoker = true) as
	select d.tenant_id, d.day, max(d.n) filter (where d.part = 'wrote') as wrote, coalesce(max(d.n) filter (where d.part = 'classified'), 0) as classified,
		coalesce(max(d.n) filter (where d.part = 'lead'), 0) as leads, coalesce(max(d.n) filter (where d.part = 'hot'), 0) as hot, coalesce(max(d.n) filter (where d.part = 'qualified'), 0) as qualified,
		coalesce(max(d.n) filter (where d.part = 'opportunity'), 0) as opportunities, coalesce(max(d.n) filter (where d.part = 'client'), 0) as clients
	from daily_counts d where d.figure = 'person' group by d.tenant_id, d.day;
comment on view vw_daily_funnel is 'People by the day of their first message ever, and how far they have come since: each step counts on its own, for who became a client need not have been hot. A person counts once.';

create view vw_daily_steps with (security_invoker = true) as
	select d.tenant_id, d.day, d.part as event_type, d.n as events, d.amount::bigint as leads from daily_counts d where d.figure = 'event'
	union all
	select d.tenant_id, d.day, 'outcome.' || d.part, d.n, null from daily_counts d where d.figure = 'outcome';
comment on view vw_daily_steps is 'How often each step happened, by the day it happened: analytics events, and outcomes by the day they were told.';

create view vw_daily_sends with (security_invoker = true) as
	select d.tenant_id, d.day, d.part as status, d.n as messages from daily_counts d where d.figure = 'send';
comment on view vw_daily_sends is 'Messages of ours by the day they were written and how they ended so far: sent, delivered, read, failed, blocked, superseded, unknown, pending.';

create view vw_daily_handoffs with (security_invoker = true) as
	select d.tenant_id, d.day, coalesce(max(d.n) filter (where d.part = 'started'), 0) as handoffs, coalesce(max(d.n) filter (where d.part = 'answered'), 0) as answered,
		coalesce(max(d.n) filter (where d.part = 'waiting'), 0) as waiting, coalesce(max(d.n) filter (where d.part = 'in_time'), 0) as in_time, coalesce(max(d.n) filter (where d.part = 'overdue'), 0) as overdue,
		round(max(d.amount) filter (where d.part = 'timed') / nullif(max(d.n) filter (where d.part = 'timed'), 0), 1) as mean_seconds
	from daily_counts d where d.figure = 'handoff' group by d.tenant_id, d.day;
comment on view vw_daily_handoffs is 'Hand-overs by the day they began: answered, in time, overdue, still waiting, mean seconds to the first answer of a person. Where a person took over by answering there is no time to count.';

create view vw_daily_cost with (security_invoker = true) as
	select d.tenant_id, d.day, 'model' as kind, d.part, d.n, t.n as tokens, d.amount as usd, coalesce(u.n, 0) as unpriced
	from daily_counts d
	left join daily_counts t on t.tenant_id = d.tenant_id and t.day = d.day and t.figure = 'model_tokens' and t.part = d.part
	left join daily_counts u on u.tenant_id = d.tenant_id and u.day = d.day and u.figure = 'model_unpriced' and u.part = d.part
	where d.figure = 'model_call'
	union all
	select d.tenant_id, d.day, 'meta', d.part, d.n, null, d.amount, coalesce(u.n, 0)
	from daily_counts d left join daily_counts u on u.tenant_id = d.tenant_id and u.day = d.day and u.figure = 'meta_unpriced' and u.part = d.part
	where d.figure = 'meta_message';
comment on view vw_daily_cost is 'What a day cost: model calls by purpose, Meta''s messages by category. usd is null where no price is known; unpriced says how many of n that are, and the sum is then too small.';

select secure_schema();
