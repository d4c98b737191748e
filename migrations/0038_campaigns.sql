-- breaking: no
-- Lead forms become jobs; silent leads are asked once more; campaigns write to who agreed.

do $$
declare
	v_source text := pg_get_functiondef('process_event(bigint, uuid, uuid, boolean, jsonb)'::regprocedure);
	v_was text := $was$		return jsonb_build_object('status', 'pending', 'reason', 'lead_not_imported_yet');$was$;
begin
	if position(v_was in v_source) = 0 then
		raise exception 'process_event is not the function that this migration changes';
	end if;
	execute replace(v_source, v_was, $now$		-- Meta tells ids alone; the job's key is the lead's id, so that a second delivery or a re-routing changes nothing.
		perform enqueue_job(p_tenant_id, 'leadgen.import', p_item ->> 'providerId',
			jsonb_build_object('leadgenId', p_item ->> 'providerId', 'eventId', p_event_id, 'pageId', p_item ->> 'accountId', 'occurredAt', p_item ->> 'occurredAt'));
		return jsonb_build_object('status', 'processed');$now$);
end
$$;
select enqueue_job(e.tenant_id, 'leadgen.import', e.meta_message_id, jsonb_build_object('leadgenId', e.meta_message_id, 'eventId', e.id, 'pageId', e.account_id,
	'occurredAt', e.provider_timestamp)) from webhook_events e where e.kind = 'leadgen' and e.status = 'pending' and e.tenant_id is not null;
update webhook_events set status = 'processed', reason = null, processed_at = now() where kind = 'leadgen' and status = 'pending' and tenant_id is not null;

create table followup_settings (
	tenant_id uuid not null references tenants (id) on delete cascade,
	id uuid not null default gen_random_uuid(),
	agent_id uuid,
	is_enabled boolean not null default false,
	silent_hours integer not null default 23 check (silent_hours between 1 and 720),
	max_followups integer not null default 2 check (max_followups between 1 and 2),
	gap_hours integer not null default 48 check (gap_hours between 12 and 720),
	quiet_from time not null default '20:00',
	quiet_to time not null default '08:00',
	updated_at timestamptz not null default now(),
	primary key (tenant_id, id),
	unique nulls not distinct (tenant_id, agent_id),
	foreign key (tenant_id, agent_id) references agents (tenant_id, id) on delete cascade
);
comment on table followup_settings is 'Whether silent leads are asked once more, and when; a row without an agent counts for all of the tenant''s that have none of their own. Off until switched on. 23 hours: still inside the 24-hour window.';

create table follow_ups (
	tenant_id uuid not null references tenants (id) on delete cascade,
	conversation_id uuid not null,
	silent_since timestamptz not null,
	nth smallint not null check (nth in (1, 2)),
	kind text not null check (kind in ('text', 'template')),
	outbox_id uuid,
	created_at timestamptz not null default now(),
	primary key (tenant_id, conversation_id, silent_since, nth),
	foreign key (tenant_id, conversation_id) references conversations (tenant_id, id) on delete cascade
);
comment on table follow_ups is 'Follow-ups of a silence, at most two; silent_since is the customer''s last word, so that a new word begins a new silence.';
create index idx_conversations_silent on conversations (tenant_id, last_customer_message_at) where status = 'open' and last_customer_message_at is not null;

create function due_follow_ups(p_tenant_id uuid, p_limit integer)
returns table (conversation_id uuid, silent_since timestamptz, nth integer, in_window boolean, answers_up_to bigint, contact_name text, company text, lead_id uuid)
language sql stable
set search_path from current
as $$
	select c.id, c.last_customer_message_at, f.done + 1, c.last_customer_message_at > now() - interval '24 hours' + interval '5 minutes',
		(select max(m.id) from messages m where m.tenant_id = p_tenant_id and m.conversation_id = c.id and m.direction = 'inbound'), k.full_name, t.name, l.id
	from conversations c
	join tenants t on t.id = c.tenant_id
	join channel_accounts ca on ca.tenant_id = c.tenant_id and ca.id = c.channel_account_id and ca.is_active and ca.status = 'active'
	join contacts k on k.tenant_id = c.tenant_id and k.id = c.contact_id and k.opted_out_at is null
	join leads l on l.tenant_id = c.tenant_id and l.contact_id = c.contact_id and l.classification like 'LEAD\_%' and l.stage <> 'closed'
	join lateral (
		select s.* from followup_settings s
		where s.tenant_id = c.tenant_id and (s.agent_id is null or s.agent_id = coalesce(c.agent_id, ca.agent_id)) order by s.agent_id is null limit 1
	) s on s.is_enabled
	cross join lateral (
		select count(*)::integer as done, max(u.created_at) as newest from follow_ups u
		where u.tenant_id = c.tenant_id and u.conversation_id = c.id and u.silent_since = c.last_customer_message_at
	) f
	where c.tenant_id = p_tenant_id and c.status = 'open' and c.last_outbound_at > c.last_customer_message_at
		-- Who was left alone for a month is a matter for a campaign.
		and c.last_customer_message_at between now() - interval '30 days' and now() - make_interval(hours => s.silent_hours)
		and f.done < s.max_followups and (f.newest is null or f.newest < now() - make_interval(hours => s.gap_hours))
		and quiet_hours_end(now(), t.timezone, s.quiet_from, s.quiet_to) is null
		and not exists (select 1 from outbox_messages o where o.tenant_id = c.tenant_id and o.conversation_id = c.id and o.status in ('pending', 'sending', 'unknown'))
		and not exists (select 1 from lead_outcomes o where o.tenant_id = c.tenant_id and o.lead_id = l.id and o.kind in ('client', 'rejected', 'pessoal', 'spam', 'concorrente'))
	order by c.last_customer_message_at desc limit p_limit
$$;
comment on function due_follow_ups(uuid, integer) is 'Leads that were answered and have been silent for long enough, outside quiet hours; nobody who opted out, is with a person, was won, lost or is no lead.';

create function note_follow_up(p_tenant_id uuid, p_conversation_id uuid, p_silent_since timestamptz, p_nth integer, p_kind text, p_outbox_id uuid) returns boolean
language plpgsql
set search_path from current
as $$
begin
	insert into follow_ups (tenant_id, conversation_id, silent_since, nth, kind, outbox_id)
		select p_tenant_id, c.id, p_silent_since, p_nth, p_kind, o.id from conversations c
		left join outbox_messages o on o.tenant_id = p_tenant_id and o.id = p_outbox_id
		where c.tenant_id = p_tenant_id and c.id = p_conversation_id
		on conflict do nothing;
	if found then
		perform track_event(p_tenant_id, 'followup.sent', p_conversation_id || ':' || extract(epoch from p_silent_since) || ':' || p_nth,
			jsonb_build_object('nth', p_nth, 'kind', p_kind), null, p_conversation_id);
		return true;
	end if;
	return false;
end
$$;
comment on function note_follow_up(uuid, uuid, timestamptz, integer, text, uuid) is 'Counts a follow-up of a silence; false when it is counted already.';

create table campaigns (
	tenant_id uuid not null references tenants (id) on delete cascade,
	id uuid not null default gen_random_uuid(),
	name text not null check (length(name) between 1 and 100),
	template_id uuid not null,
	channel_account_id uuid not null,
	audience jsonb not null default '{}',
	hourly_cap integer not null check (hourly_cap between 1 and 10000),
	daily_cap integer not null check (daily_cap between 1 and 100000),
	quiet_from time not null,
	quiet_to time not null,
	status text not null default 'running' constraint campaigns_status_known check (status in ('running', 'paused', 'stopped', 'completed')),
	held_by text,
	total integer not null default 0,
	pending integer not null default 0,
	queued integer not null default 0,
	sent integer not null default 0,
	failed integer not null default 0,
	blocked integer not null default 0,
	skipped integer not null default 0,
	started_at timestamptz not null default now(),
	ended_at timestamptz,
	primary key (tenant_id, id),
	unique (tenant_id, name),
	foreign key (tenant_id, template_id) references message_templates (tenant_id, id),
	foreign key (tenant_id, channel_account_id) references channel_accounts (tenant_id, id) on delete cascade,
	constraint campaigns_counts_add_up check (total = pending + queued + sent + failed + blocked + skipped),
	constraint campaigns_end_once check ((status in ('stopped', 'completed')) = (ended_at is not null))
);
comment on table campaigns is 'A template to many leads who agreed to marketing, in batches within caps and outside quiet hours. held_by: what a running one waits for.';

create table campaign_messages (
	tenant_id uuid not null,
	campaign_id uuid not null,
	lead_id uuid not null,
	status text not null constraint campaign_messages_status_known check (status in ('pending', 'queued', 'sent', 'failed', 'blocked', 'skipped')),
	reason text,
	outbox_id uuid,
	queued_at timestamptz,
	primary key (tenant_id, campaign_id, lead_id),
	foreign key (tenant_id, campaign_id) references campaigns (tenant_id, id) on delete cascade,
	foreign key (tenant_id, lead_id) references leads (tenant_id, id) on delete cascade
);
comment on table campaign_messages is 'Whom a campaign writes to, once each. skipped: not written to and why; blocked: refused when it was to be sent and why.';
create index idx_campaign_messages_lead on campaign_messages (tenant_id, lead_id);

create function campaign_refusal(p_tenant_id uuid, p_lead_id uuid) returns text
language sql stable
set search_path from current
as $$
	select case
		when k.opted_out_at is not null or k.marketing_opted_out_at is not null then 'opted_out'
		when not coalesce((select c.granted from contact_consents c where c.tenant_id = p_tenant_id and c.contact_id = k.id and c.purpose = 'marketing'), false) then 'no_marketing_consent'
		when not exists (select 1 from contact_identities i where i.tenant_id = p_tenant_id and i.contact_id = k.id and i.kind = 'phone' and i.superseded_at is null) then 'no_phone'
		when l.classification not like 'LEAD\_%' then 'not_a_lead'
		when exists (select 1 from conversations c where c.tenant_id = p_tenant_id and c.contact_id = k.id and c.status = 'handoff') then 'with_a_person' end
	from leads l join contacts k on k.tenant_id = l.tenant_id and k.id = l.contact_id where l.tenant_id = p_tenant_id and l.id = p_lead_id
$$;
comment on function campaign_refusal(uuid, uuid) is 'Why a campaign may not write to a lead now; null when it may.';

create function refresh_campaign(p_tenant_id uuid, p_campaign_id uuid) returns campaigns
language plpgsql
set search_path from current
as $$
declare
	v_campaign campaigns;
begin
	perform 1 from campaigns where tenant_id = p_tenant_id and id = p_campaign_id for update;
	update campaign_messages d set status = case when m.status in ('sent', 'delivered', 'read', 'played') then 'sent' when m.status in ('blocked', 'superseded') then 'blocked' else 'failed' end,
			reason = case when m.status not in ('sent', 'delivered', 'read', 'played') then coalesce(o.error_message, m.error_code::text, m.status) end
		from messages m left join outbox_messages o on o.tenant_id = m.tenant_id and o.id = m.outbox_id
		where d.tenant_id = p_tenant_id and d.campaign_id = p_campaign_id and d.status = 'queued' and m.tenant_id = p_tenant_id and m.outbox_id = d.outbox_id
			and m.status not in ('pending', 'unknown');
	update campaigns r set total = c.total, pending = c.pending, queued = c.queued, sent = c.sent, failed = c.failed, blocked = c.blocked, skipped = c.skipped,
			status = case when e.over then 'completed' else r.status end, ended_at = case when e.over then now() else r.ended_at end, held_by = case when e.over then null else r.held_by end
		from (
			select count(*) as total, count(*) filter (where d.status = 'pending') as pending, count(*) filter (where d.status = 'queued') as queued,
				count(*) filter (where d.status = 'sent') as sent, count(*) filter (where d.status = 'failed') as failed,
				count(*) filter (where d.status = 'blocked') as blocked, count(*) filter (where d.status = 'skipped') as skipped
			from campaign_messages d where d.tenant_id = p_tenant_id and d.campaign_id = p_campaign_id
		) c, lateral (select exists (select 1 from campaigns x where x.tenant_id = p_tenant_id and x.id = p_campaign_id and x.status = 'running') and c.pending + c.queued = 0 as over) e
		where r.tenant_id = p_tenant_id and r.id = p_campaign_id
		returning r.* into v_campaign;
	if v_campaign.id is null then
		raise exception 'campaign % does not exist', p_campaign_id using errcode = 'ZF004';
	end if;
	return v_campaign;
end
$$;
comment on function refresh_campaign(uuid, uuid) is 'Brings a campaign up to what became of its messages in the outbox, counts, and ends it when nothing is left.';

create function start_campaign(p_tenant_id uuid, p_campaign jsonb) returns campaigns
language plpgsql
set search_path from current
as $$
declare
	v_id uuid;
	v_audience jsonb := coalesce(p_campaign -> 'audience', '{}');
begin
	insert into campaigns (tenant_id, name, template_id, channel_account_id, audience, hourly_cap, daily_cap, quiet_from, quiet_to)
		select p_tenant_id, p_campaign ->> 'name', mt.id, ca.id, v_audience, (p_campaign ->> 'hourlyCap')::integer, (p_campaign ->> 'dailyCap')::integer,
			(p_campaign ->> 'quietFrom')::time, (p_campaign ->> 'quietTo')::time
		from message_templates mt, channel_accounts ca
		where mt.tenant_id = p_tenant_id and mt.id = (p_campaign ->> 'templateId')::uuid and mt.is_active and mt.meta_status = 'APPROVED'
			and ca.tenant_id = p_tenant_id and ca.id = (p_campaign ->> 'channelAccountId')::uuid and ca.kind = 'whatsapp'
		on conflict (tenant_id, name) do nothing returning id into v_id;
	if v_id is null then
		select c.id into v_id from campaigns c where c.tenant_id = p_tenant_id and c.name = p_campaign ->> 'name';
		if v_id is null then
			raise exception 'a campaign needs a WhatsApp number of the tenant and a template that Meta has approved' using errcode = 'ZF005';
		end if;
		return refresh_campaign(p_tenant_id, v_id);
	end if;
	insert into campaign_messages (tenant_id, campaign_id, lead_id, status, reason)
		select p_tenant_id, v_id, a.id, case when r.reason is null then 'pending' else 'skipped' end, r.reason
		from (
			select l.id from leads l join contacts k on k.tenant_id = l.tenant_id and k.id = l.contact_id and k.merged_into_id is null
			where l.tenant_id = p_tenant_id and (v_audience -> 'classifications' is null or v_audience -> 'classifications' ? l.classification)
				and (v_audience -> 'stages' is null or v_audience -> 'stages' ? l.stage) and (v_audience -> 'sources' is null or v_audience -> 'sources' ? l.source)
				and (v_audience -> 'adCampaigns' is null or v_audience -> 'adCampaigns' ? coalesce(l.referral ->> 'campaign_id', ''))
			order by l.lead_score desc, l.id limit (p_campaign ->> 'maxLeads')::integer
		) a cross join lateral (select campaign_refusal(p_tenant_id, a.id) as reason) r;
	perform record_audit(p_tenant_id, 'campaign.started', 'campaign', v_id::text, '{}');
	return refresh_campaign(p_tenant_id, v_id);
end
$$;
comment on function start_campaign(uuid, jsonb) is 'Begins a campaign: one row a lead of the audience, skipped at once where it may not be written to. The name again returns the one that is there.';

create function move_campaign(p_tenant_id uuid, p_campaign_id uuid, p_to text) returns campaigns
language plpgsql
set search_path from current
as $$
declare
	v_waiting record;
begin
	update campaigns set status = p_to, held_by = null, ended_at = case when p_to = 'stopped' then now() end
		where tenant_id = p_tenant_id and id = p_campaign_id and ((p_to = 'paused' and status = 'running') or (p_to = 'running' and status = 'paused') or (p_to = 'stopped' and ended_at is null));
	if not found then
		raise exception 'campaign % cannot become %', p_campaign_id, p_to using errcode = 'ZF005';
	end if;
	if p_to = 'stopped' then
		update campaign_messages set status = 'skipped', reason = 'campaign_stopped' where tenant_id = p_tenant_id and campaign_id = p_campaign_id and status = 'pending';
		for v_waiting in
			select o.id, o.conversation_id from campaign_messages d join outbox_messages o on o.tenant_id = d.tenant_id and o.id = d.outbox_id
			where d.tenant_id = p_tenant_id and d.campaign_id = p_campaign_id and d.status = 'queued' and o.status = 'pending' order by o.conversation_id
		loop
			perform lock_outbox_lane(p_tenant_id, v_waiting.conversation_id);
			perform block_outbox(p_tenant_id, o.id, 'campaign_stopped') from outbox_messages o where o.tenant_id = p_tenant_id and o.id = v_waiting.id and o.status = 'pending';
			perform next_in_lane(p_tenant_id, v_waiting.conversation_id);
		end loop;
	end if;
	perform record_audit(p_tenant_id, 'campaign.' || p_to, 'campaign', p_campaign_id::text, '{}');
	return refresh_campaign(p_tenant_id, p_campaign_id);
end
$$;
comment on function move_campaign(uuid, uuid, text) is 'Pauses, goes on with (running) or stops a campaign. Stopped: what waits is not sent, in the outbox neither.';

create function pick_campaign_batch(p_tenant_id uuid, p_campaign_id uuid, p_limit integer) returns table (lead_id uuid, conversation_id uuid, contact_name text, company text, template_id uuid)
language plpgsql
set search_path from current
as $$
#variable_conflict use_column
declare
	v_campaign campaigns := refresh_campaign(p_tenant_id, p_campaign_id);
	v_zone text;
	v_company text;
	v_open boolean;
	v_hour bigint;
	v_today bigint;
	v_held text;
begin
	if v_campaign.status <> 'running' then
		return;
	end if;
	select t.timezone, t.name, ca.is_active and ca.status = 'active' into v_zone, v_company, v_open
		from tenants t join channel_accounts ca on ca.tenant_id = t.id and ca.id = v_campaign.channel_account_id where t.id = p_tenant_id;
	select count(*) filter (where d.queued_at > now() - interval '1 hour'), count(*) filter (where d.queued_at >= date_trunc('day', now() at time zone v_zone) at time zone v_zone)
		into v_hour, v_today from campaign_messages d
		where d.tenant_id = p_tenant_id and d.campaign_id = p_campaign_id and d.queued_at > now() - interval '25 hours';
	v_held := case when not v_open then 'number_paused' when quiet_hours_end(now(), v_zone, v_campaign.quiet_from, v_campaign.quiet_to) is not null then 'quiet_hours'
		when v_today >= v_campaign.daily_cap then 'daily_cap' when v_hour >= v_campaign.hourly_cap then 'hourly_cap' end;
	update campaigns set held_by = v_held where tenant_id = p_tenant_id and id = p_campaign_id;
	if v_held is not null then
		return;
	end if;
	-- Whoever said no since the start is left out; the next batch takes the next ones.
	return query
	with next as materialized (
		select d.lead_id, l.contact_id, campaign_refusal(p_tenant_id, d.lead_id) as refusal
		from campaign_messages d join leads l on l.tenant_id = d.tenant_id and l.id = d.lead_id
		where d.tenant_id = p_tenant_id and d.campaign_id = p_campaign_id and d.status = 'pending'
		order by d.lead_id limit least(p_limit, v_campaign.hourly_cap - v_hour, v_campaign.daily_cap - v_today)
	), refused as (
		update campaign_messages d set status = 'skipped', reason = n.refusal from next n
			where d.tenant_id = p_tenant_id and d.campaign_id = p_campaign_id and d.lead_id = n.lead_id and n.refusal is not null
	), threads as (
		insert into conversations as c (tenant_id, contact_id, channel_account_id)
			select p_tenant_id, n.contact_id, v_campaign.channel_account_id from next n where n.refusal is null order by n.contact_id
			on conflict (tenant_id, channel_account_id, contact_id) do update set status = case when c.status = 'closed' then 'open' else c.status end
			returning c.id, c.contact_id
	)
	select n.lead_id, t.id, k.full_name, v_company, v_campaign.template_id
	from next n join threads t on t.contact_id = n.contact_id join contacts k on k.tenant_id = p_tenant_id and k.id = n.contact_id order by n.lead_id;
end
$$;
comment on function pick_campaign_batch(uuid, uuid, integer) is 'The next leads of a running campaign, within caps and outside quiet hours; the campaign says what it waits for. Picked again they come out again until noted.';

create function note_campaign_message(p_tenant_id uuid, p_campaign_id uuid, p_lead_id uuid, p_outbox_id uuid, p_refusal text) returns void
language sql
set search_path from current
as $$
	update campaign_messages d set status = case when p_refusal is null then 'queued' else 'failed' end, reason = p_refusal, outbox_id = p_outbox_id, queued_at = now()
		where d.tenant_id = p_tenant_id and d.campaign_id = p_campaign_id and d.lead_id = p_lead_id and d.status = 'pending'
			and (p_refusal is not null or exists (select 1 from outbox_messages o where o.tenant_id = p_tenant_id and o.id = p_outbox_id))
$$;
comment on function note_campaign_message(uuid, uuid, uuid, uuid, text) is 'A lead''s message of a campaign stands in the outbox, or could not be written and why.';

create function tenants_to_write(p_limit integer) returns table (tenant_id uuid)
language sql stable
security definer
set search_path from current
as $$
	select t.id from tenants t
	where t.status in ('trial', 'active') and (exists (select 1 from followup_settings s where s.tenant_id = t.id and s.is_enabled)
		or exists (select 1 from campaigns c where c.tenant_id = t.id and c.status = 'running'))
	order by t.id limit least(p_limit, 1000)
$$;
comment on function tenants_to_write(integer) is 'Door. Tenants with follow-ups switched on or a campaign running.';

select secure_schema();
