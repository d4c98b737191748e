-- breaking: no
-- What campaigns cost and bring, and how far people come: each step of the funnel is noted where it happens.

create function save_marketing_costs(p_tenant_id uuid, p_rows jsonb) returns integer
language plpgsql
set search_path from current
as $$
declare
	v_mixed text;
	v_saved integer;
begin
	perform pg_advisory_xact_lock(hashtextextended(p_tenant_id::text || 'marketing_costs', 0));
	select g.campaign_id into v_mixed
		from jsonb_to_recordset(p_rows) r(platform text, "campaignId" text, currency text)
		cross join lateral (select r."campaignId" as campaign_id) g
		where exists (select 1 from marketing_costs c where c.tenant_id = p_tenant_id and c.platform = r.platform and c.campaign_id = r."campaignId" and c.currency <> r.currency)
			or exists (select 1 from jsonb_to_recordset(p_rows) o(platform text, "campaignId" text, currency text)
				where o.platform = r.platform and o."campaignId" = r."campaignId" and o.currency <> r.currency) limit 1;
	if v_mixed is not null then
		raise exception 'campaign % has costs in another currency, and the two cannot be added up', v_mixed using errcode = 'ZF005';
	end if;
	insert into marketing_costs as c (tenant_id, platform, campaign_id, day, campaign_name, spend, currency)
		select p_tenant_id, r.platform, r."campaignId", r.day, max(r.name), sum(r.spend), max(r.currency)
		from jsonb_to_recordset(p_rows) r(platform text, "campaignId" text, name text, day date, spend numeric, currency text)
		group by r.platform, r."campaignId", r.day
		on conflict (tenant_id, platform, campaign_id, day) do update set spend = excluded.spend, campaign_name = coalesce(excluded.campaign_name, c.campaign_name),
			currency = excluded.currency, updated_at = now();
	get diagnostics v_saved = row_count;
	insert into marketing_ads as a (tenant_id, ad_id, platform, campaign_id)
		select distinct on (r."adId") p_tenant_id, r."adId", r.platform, r."campaignId" from jsonb_to_recordset(p_rows) r(platform text, "campaignId" text, "adId" text)
		where r."adId" <> '' order by r."adId"
		on conflict (tenant_id, ad_id) do update set campaign_id = excluded.campaign_id, platform = excluded.platform, seen_at = now();
	return v_saved;
end
$$;
comment on function save_marketing_costs(uuid, jsonb) is
	'Saves costs by campaign and day, in place of what stood there; several rows of a campaign and day (its ads) are added up. [{platform, campaignId, name, day, spend, currency, adId}]';

create function campaign_roi(p_tenant_id uuid, p_from date, p_to date)
returns table (tenant_id uuid, platform text, campaign_id text, campaign_name text, leads bigint, hot bigint, clients bigint, spend numeric, currency text,
	cost_per_lead numeric, cost_per_hot numeric, cost_per_client numeric)
language sql stable
set search_path from current
as $$
	with came as (
		select coalesce(nullif(l.referral ->> 'campaign_id', ''), a.campaign_id, 'ad:' || x.ad_id) as campaign_id, count(*) as leads,
			min(coalesce(l.referral ->> 'platform', a.platform, case when l.referral ->> 'source_type' is not null then 'facebook' else 'other' end)) as platform,
			count(*) filter (where l.first_hot_at is not null) as hot,
			count(*) filter (where exists (select 1 from lead_outcomes o where o.tenant_id = l.tenant_id and o.lead_id = l.id and o.kind = 'client')) as clients
		from leads l
		join tenants t on t.id = l.tenant_id
		join contacts k on k.tenant_id = l.tenant_id and k.id = l.contact_id and k.merged_into_id is null
		cross join lateral (select coalesce(nullif(l.referral ->> 'ad_id', ''), case when l.referral ->> 'source_type' = 'ad' then nullif(l.referral ->> 'source_id', '') end) as ad_id) x
		left join marketing_ads a on a.tenant_id = l.tenant_id and a.ad_id = x.ad_id
		where l.tenant_id = p_tenant_id and l.referral is not null and (nullif(l.referral ->> 'campaign_id', '') is not null or x.ad_id is not null)
			and (p_from is null or l.created_at >= p_from::timestamp at time zone t.timezone) and (p_to is null or l.created_at < (p_to + 1)::timestamp at time zone t.timezone)
		group by 1
	), paid as (
		select c.campaign_id, min(c.platform) as platform, max(c.campaign_name) as campaign_name, sum(c.spend) as spend, min(c.currency) as currency
		from marketing_costs c where c.tenant_id = p_tenant_id and (p_from is null or c.day >= p_from) and (p_to is null or c.day <= p_to) group by c.campaign_id
	)
	select p_tenant_id, coalesce(p.platform, c.platform), coalesce(p.campaign_id, c.campaign_id), p.campaign_name, coalesce(c.leads, 0), coalesce(c.hot, 0), coalesce(c.clients, 0),
		p.spend, p.currency::text, round(p.spend / nullif(c.leads, 0), 2), round(p.spend / nullif(c.hot, 0), 2), round(p.spend / nullif(c.clients, 0), 2)
	from came c full join paid p on p.campaign_id = c.campaign_id
$$;
comment on function campaign_roi(uuid, date, date) is
	'Leads, hot leads and clients of each campaign, by the day on which the lead came in, against what it cost. An ad whose campaign nobody told stands as ad:<id>; no cost known is null, not 0.';

create view vw_campaign_roi with (security_invoker = true) as
	select r.* from tenants t cross join lateral campaign_roi(t.id, null, null) r;
comment on view vw_campaign_roi is 'What each campaign cost and brought so far; campaign_roi takes days.';

create function note_funnel_step() returns trigger
language plpgsql
set search_path from current
as $$
begin
	if tg_table_name = 'classified_leads' then
		perform track_event(new.tenant_id, 'lead.classified', new.id::text, jsonb_build_object('classification', new.classification), new.lead_id, new.conversation_id);
	elsif tg_table_name = 'consent_events' then
		perform track_event(new.tenant_id, case when new.granted then 'consent.granted' else 'consent.withdrawn' end, new.id::text,
				jsonb_build_object('purpose', new.purpose, 'source', new.source), l.id)
			from (select 1) one left join leads l on l.tenant_id = new.tenant_id and l.contact_id = new.contact_id;
	end if;
	return null;
end
$$;
comment on function note_funnel_step() is 'Trigger: a classification and a word of consent are steps of the funnel.';
create trigger note_funnel_step after insert on classified_leads for each row execute function note_funnel_step();
create trigger note_funnel_step after insert on consent_events for each row execute function note_funnel_step();

create function note_lead_step() returns trigger
language plpgsql
set search_path from current
as $$
begin
	if old.first_hot_at is null and new.first_hot_at is not null then
		perform track_event(new.tenant_id, 'lead.hot', new.id::text, jsonb_build_object('score', new.lead_score), new.id);
		perform assign_lead(new.tenant_id, new.id, 'hot');
	end if;
	if old.stage = 'lead' and new.stage <> 'lead' then
		perform track_event(new.tenant_id, 'lead.qualified', new.id::text, jsonb_build_object('stage', new.stage), new.id);
	end if;
	return null;
end
$$;
comment on function note_lead_step() is 'Trigger: a lead that became hot, or went past the first stage; a hot one is given to somebody.';
create trigger note_lead_step after update on leads for each row
	when ((old.first_hot_at is null and new.first_hot_at is not null) or (old.stage = 'lead' and new.stage <> 'lead')) execute function note_lead_step();

create function assign_handed_over() returns trigger
language plpgsql
set search_path from current
as $$
begin
	perform assign_lead(new.tenant_id, l.id, 'handoff') from leads l where l.tenant_id = new.tenant_id and l.contact_id = new.contact_id;
	return null;
end
$$;
comment on function assign_handed_over() is 'Trigger: the lead of a conversation that went to a person is given to somebody.';
create trigger assign_handed_over after update of status on conversations for each row
	when (new.status = 'handoff' and old.status <> 'handoff') execute function assign_handed_over();

create function note_new_conversations() returns trigger
language plpgsql
set search_path from current
as $$
begin
	insert into analytics_events (tenant_id, event_type, event_key, event_data, session_id)
		select m.tenant_id, 'conversation.started', m.id::text, jsonb_build_object('by', case when m.last_customer_message_at is null then 'us' else 'customer' end), m.id::text from made m
		on conflict (tenant_id, event_type, event_key) do nothing;
	return null;
end
$$;
comment on function note_new_conversations() is 'Trigger, once a statement: conversations that began, and who began them.';
create trigger note_new_conversations after insert on conversations referencing new table as made for each statement execute function note_new_conversations();

create function funnel_counts(p_tenant_id uuid, p_from date, p_to date) returns table (day date, event_type text, events bigint, leads bigint)
language sql stable
set search_path from current
as $$
	select (e.created_at at time zone t.timezone)::date, e.event_type::text, count(*), count(distinct e.lead_id)
	from analytics_events e join tenants t on t.id = e.tenant_id
	where e.tenant_id = p_tenant_id and e.created_at >= p_from::timestamp at time zone t.timezone and e.created_at < (p_to + 1)::timestamp at time zone t.timezone
	group by 1, 2 order by 1, 2
$$;
comment on function funnel_counts(uuid, date, date) is 'How often each step of the funnel happened, by day of the tenant''s zone.';

select secure_schema();
