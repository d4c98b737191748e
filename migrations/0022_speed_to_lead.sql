-- breaking: no
-- Speed to lead: HOT answers first, the team's daily capacity, how long people waited, and notices to the tenant's own systems.

create function hot_places_left(p_tenant_id uuid) returns integer
language sql stable
set search_path from current
as $$
	select greatest(0, coalesce(s.hot_capacity_per_day, 20) - coalesce(u.value, 0))::integer
	from tenants t
	left join lead_settings s on s.tenant_id = t.id
	left join usage_counters u on u.tenant_id = t.id and u.metric = 'hot_treated' and u.period_start = (now() at time zone t.timezone)::date
	where t.id = p_tenant_id
$$;
comment on function hot_places_left(uuid) is 'How many more people the team can treat as HOT today, in the tenant''s time zone.';

create function take_hot_place(p_tenant_id uuid, p_beyond_capacity boolean) returns boolean
language sql
set search_path from current
as $$
	-- One statement: two explored leads at once cannot both take the last place.
	with day as (
		select (now() at time zone t.timezone)::date as today, coalesce(s.hot_capacity_per_day, 20) as capacity
		from tenants t left join lead_settings s on s.tenant_id = t.id where t.id = p_tenant_id
	), taken as (
		insert into usage_counters as u (tenant_id, metric, period_start, value)
			select p_tenant_id, 'hot_treated', d.today, 1 from day d where p_beyond_capacity or d.capacity > 0
			on conflict (tenant_id, metric, period_start) do update set value = u.value + 1 where p_beyond_capacity or u.value < (select d.capacity from day d)
			returning 1
	)
	select exists (select 1 from taken)
$$;
comment on function take_hot_place(uuid, boolean) is 'Counts one more person treated as HOT today; false when the team''s capacity is used up, and then nothing is counted. A lead that is HOT counts beyond it.';

create function count_hot_treatment() returns trigger
language plpgsql
set search_path from current
as $$
begin
	-- A person takes one place a day, however often they write.
	if exists (
		select 1 from classified_leads c join tenants t on t.id = c.tenant_id
		where c.tenant_id = new.tenant_id and c.lead_id = new.lead_id and c.treatment = 'hot'
			and (c.created_at at time zone t.timezone)::date = (now() at time zone t.timezone)::date
	) then
		return new;
	end if;
	if not take_hot_place(new.tenant_id, new.exploration_arm is distinct from 'explore') then
		new.treatment := 'standard';
		new.treat_propensity := 1;
		new.exploration_arm := null;
	end if;
	return new;
end
$$;
comment on function count_hot_treatment() is 'Trigger: a HOT treatment takes a place of the day; a lead that was only explored and finds none left is treated as what it is.';
create trigger count_hot_treatment before insert on classified_leads for each row when (new.treatment = 'hot') execute function count_hot_treatment();

create or replace function enqueue_outbox(p_tenant_id uuid, p_conversation_id uuid, p_kind text, p_key text, p_position integer, p_turn_id bigint, p_payload jsonb, p_text text,
	p_author text, p_answers_up_to bigint, p_fallback_template_id uuid) returns uuid
language plpgsql
set search_path from current
as $$
declare
	v_id uuid;
	v_due timestamptz := now();
begin
	insert into outbox_messages (tenant_id, queue_id, turn_id, position, idempotency_key, conversation_id, contact_id, channel_account_id, kind,
			whatsapp_payload, answers_up_to, fallback_template_id)
		select p_tenant_id, p_turn_id, p_turn_id, p_position, p_key, c.id, c.contact_id, c.channel_account_id, p_kind, p_payload, p_answers_up_to, p_fallback_template_id
		from conversations c where c.tenant_id = p_tenant_id and c.id = p_conversation_id
		on conflict (tenant_id, idempotency_key) do nothing
		returning id into v_id;
	if v_id is null then
		select o.id into v_id from outbox_messages o where o.tenant_id = p_tenant_id and o.idempotency_key = p_key;
		if v_id is null then
			raise exception 'conversation % does not exist', p_conversation_id using errcode = 'ZF004';
		end if;
		return v_id;
	end if;
	insert into messages (tenant_id, conversation_id, contact_id, channel_account_id, direction, author, kind, body, status, turn_id, outbox_id)
		select p_tenant_id, c.id, c.contact_id, c.channel_account_id, 'outbound', p_author, coalesce(p_payload ->> 'type', 'text'), p_text, 'pending', p_turn_id, v_id
		from conversations c where c.tenant_id = p_tenant_id and c.id = p_conversation_id;
	-- Lanes are served in the order in which they became due: a HOT lead's answer passes what has waited for less than this head start, and no more.
	if p_position = 0 and p_turn_id is not null and exists (
		select 1 from classified_leads l
		where l.tenant_id = p_tenant_id and l.turn_id = p_turn_id and (l.treatment = 'hot' or l.classification = 'LEAD_HOT')
	) then
		v_due := now() - interval '30 seconds';
	end if;
	-- A lane that waits for a send in flight or a time-out keeps its time; the row is found when it is due.
	insert into outbox_lanes as l (tenant_id, conversation_id, channel_account_id, available_at)
		select p_tenant_id, c.id, c.channel_account_id, v_due from conversations c where c.tenant_id = p_tenant_id and c.id = p_conversation_id
		on conflict (tenant_id, conversation_id) do update set available_at = case when l.available_at = 'infinity' then excluded.available_at else l.available_at end;
	return v_id;
end
$$;
comment on function enqueue_outbox(uuid, uuid, text, text, integer, bigint, jsonb, text, text, bigint, uuid) is
	'Adds one message to the outbox and to messages; the same key again returns the row that is there. The answer to a HOT lead starts 30 seconds ahead.';

create view v_speed_to_lead with (security_invoker = true) as
	with episode as (
		select c.*, lag(c.classification) over (partition by c.tenant_id, c.lead_id order by c.created_at, c.id) as was from classified_leads c
	)
	select e.tenant_id, e.lead_id, e.id as classified_lead_id, e.conversation_id, e.persona_version, e.platform, e.icp_score,
		coalesce(t.received_at, e.message_timestamp) as first_message_at, e.created_at as hot_at, a.answered_at,
		-- Nobody who still waits counts as answered at once, which a bare greatest() would say.
		case when a.answered_at is not null then greatest(0, extract(epoch from a.answered_at - coalesce(t.received_at, e.message_timestamp))) end::numeric(12, 3) as seconds_to_answer
	from episode e
	left join turns t on t.tenant_id = e.tenant_id and t.id = e.turn_id
	left join lateral (
		-- The time of sending outlives the job in the message.
		select coalesce(o.sent_at, m.provider_timestamp, m.status_at) as answered_at
		from messages m left join outbox_messages o on o.tenant_id = m.tenant_id and o.id = m.outbox_id
		where m.tenant_id = e.tenant_id and m.conversation_id = e.conversation_id and m.direction = 'outbound' and m.author in ('agent', 'human')
			and m.status in ('sent', 'delivered', 'read', 'played') and m.created_at >= coalesce(t.received_at, e.message_timestamp)
		order by m.id limit 1
	) a on true
	where e.classification = 'LEAD_HOT' and e.was is distinct from 'LEAD_HOT';
comment on view v_speed_to_lead is 'One row each time a person turns HOT: from the first message of that turn to the first answer that was sent, by the agent or a person.';

create view v_speed_to_lead_daily with (security_invoker = true) as
	select s.tenant_id, (s.first_message_at at time zone t.timezone)::date as day, count(*)::integer as hot_leads, count(s.answered_at)::integer as answered,
		round((percentile_cont(0.5) within group (order by s.seconds_to_answer))::numeric, 3) as p50_seconds,
		round((percentile_cont(0.9) within group (order by s.seconds_to_answer))::numeric, 3) as p90_seconds
	from v_speed_to_lead s join tenants t on t.id = s.tenant_id
	group by s.tenant_id, 2;
comment on view v_speed_to_lead_daily is 'Speed to lead by tenant and day of the tenant''s time zone: how many turned HOT, how many were answered, median and 90th percentile of those.';

create table webhook_secrets (
	tenant_id uuid not null references tenants (id) on delete cascade,
	id uuid not null default gen_random_uuid(),
	name text not null check (length(name) between 1 and 100),
	secret_encrypted text not null,
	revoked_at timestamptz,
	created_at timestamptz not null default now(),
	primary key (tenant_id, id)
);
comment on table webhook_secrets is 'With what a tenant''s CRM signs the webhooks it sends us; encrypted by the vault, several at once while one is being replaced.';

create table notification_endpoints (
	tenant_id uuid not null references tenants (id) on delete cascade,
	id uuid not null default gen_random_uuid(),
	url text not null check (url ~ '^https?://' and length(url) <= 2000),
	secret_encrypted text not null,
	event_types text[] not null default '{lead.hot,plan.leads_limit,conversation.handoff}'
		constraint notification_endpoints_events_known check (event_types <@ array['lead.hot', 'plan.leads_limit', 'conversation.handoff']),
	allow_local boolean not null default false,
	disabled_at timestamptz,
	disabled_reason text,
	created_at timestamptz not null default now(),
	updated_at timestamptz not null default now(),
	primary key (tenant_id, id),
	unique (tenant_id, url),
	constraint notification_endpoints_disabled_says_why check ((disabled_at is null) = (disabled_reason is null))
);
comment on table notification_endpoints is 'Where a tenant wants to hear what happens: a URL and the secret that signs what is sent to it (encrypted by the vault).';
comment on column notification_endpoints.allow_local is 'May be http and a local address; heeded only where the sending node allows it too.';
create trigger touch before update on notification_endpoints for each row execute function touch_updated_at();

create table notification_deliveries (
	tenant_id uuid not null references tenants (id) on delete cascade,
	id uuid not null default gen_random_uuid(),
	endpoint_id uuid not null,
	event_type text not null,
	event_key text not null,
	payload jsonb not null,
	status text not null default 'pending' constraint notification_deliveries_status_known check (status in ('pending', 'sending', 'delivered', 'dead')),
	attempts integer not null default 0,
	available_at timestamptz default now(),
	last_status integer,
	last_error text,
	settled_at timestamptz,
	created_at timestamptz not null default now(),
	primary key (tenant_id, id),
	unique (tenant_id, endpoint_id, event_type, event_key),
	foreign key (tenant_id, endpoint_id) references notification_endpoints (tenant_id, id) on delete cascade,
	constraint notification_deliveries_settled_or_due check ((status in ('delivered', 'dead')) = (settled_at is not null) and (settled_at is null) = (available_at is not null))
);
comment on table notification_deliveries is 'The outbox of notices: once an endpoint and event. attempts is the fencing token of who sends it. available_at is the time of the next try, or the end of the lease of who sends it. Ids, classes and scores; no text of the customer.';
create index notification_deliveries_due on notification_deliveries (available_at) where settled_at is null;
create index notification_deliveries_settled on notification_deliveries (settled_at) where settled_at is not null;

create function notify_tenant(p_tenant_id uuid, p_event_type text, p_event_key text, p_data jsonb) returns integer
language sql
set search_path from current
as $$
	with noted as (
		insert into notification_deliveries (tenant_id, endpoint_id, event_type, event_key, payload)
			select e.tenant_id, e.id, p_event_type, p_event_key,
				jsonb_build_object('type', p_event_type, 'timestamp', to_char(now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'data', p_data)
			from notification_endpoints e
			where e.tenant_id = p_tenant_id and e.disabled_at is null and p_event_type = any (e.event_types)
			on conflict (tenant_id, endpoint_id, event_type, event_key) do nothing
			returning 1
	)
	select count(*)::integer from noted
$$;
comment on function notify_tenant(uuid, text, text, jsonb) is 'Puts a notice into the outbox of each endpoint that wants it, once an event; in the transaction of what happened.';

create function notify_hot_lead() returns trigger
language plpgsql
set search_path from current
as $$
declare
	v_was record;
begin
	select c.classification, c.treatment into v_was from classified_leads c
		where c.tenant_id = new.tenant_id and c.lead_id = new.lead_id and c.id <> new.id order by c.created_at desc, c.message_timestamp desc limit 1;
	if v_was.classification is distinct from 'LEAD_HOT' and v_was.treatment is distinct from 'hot' then
		-- A lead that swings around the threshold is told of once a day.
		perform notify_tenant(new.tenant_id, 'lead.hot', new.lead_id || ':' || (now() at time zone t.timezone)::date, jsonb_build_object('tenantId', new.tenant_id,
				'leadId', new.lead_id, 'classifiedLeadId', new.id, 'conversationId', new.conversation_id, 'classification', new.classification, 'score', new.icp_score,
				'fit', new.fit_score, 'intent', new.intent_score, 'platform', new.platform, 'personaVersion', new.persona_version))
			from tenants t where t.id = new.tenant_id;
	end if;
	return null;
end
$$;
comment on function notify_hot_lead() is 'Trigger: a person who turned HOT, or is treated as one, is told of at once.';
create trigger notify_hot_lead after insert on classified_leads for each row
	when (new.classification = 'LEAD_HOT' or new.treatment = 'hot') execute function notify_hot_lead();

create function notify_audit_event() returns trigger
language plpgsql
set search_path from current
as $$
begin
	perform notify_tenant(new.tenant_id, new.event_type, new.id::text, jsonb_build_object('tenantId', new.tenant_id, 'subjectType', new.subject_type,
		'subjectId', new.subject_id) || new.details);
	return null;
end
$$;
comment on function notify_audit_event() is 'Trigger: events of the audit log that a tenant''s people act on are told of.';
create trigger notify_audit_event after insert on audit_events for each row
	when (new.tenant_id is not null and new.event_type in ('plan.leads_limit', 'conversation.handoff')) execute function notify_audit_event();

create function claim_notices(p_limit integer, p_lease_seconds integer)
returns table (id uuid, tenant_id uuid, endpoint_id uuid, attempts integer, payload jsonb, url text, secret_encrypted text, allow_local boolean)
language plpgsql
security definer
set search_path from current
as $$
#variable_conflict use_column
begin
	-- What was settled a month ago goes, some rows a claim: the table stays as small as its work.
	delete from notification_deliveries d where (d.tenant_id, d.id) in (
		select o.tenant_id, o.id from notification_deliveries o where o.settled_at < now() - interval '30 days' order by o.settled_at limit p_limit for update skip locked);
	return query
	with due as (
		select d.tenant_id, d.id from notification_deliveries d
		join notification_endpoints e on e.tenant_id = d.tenant_id and e.id = d.endpoint_id
		where d.settled_at is null and d.available_at <= now() and e.disabled_at is null
		order by d.available_at limit p_limit for update of d skip locked
	)
	update notification_deliveries d set status = 'sending', attempts = d.attempts + 1, available_at = now() + make_interval(secs => p_lease_seconds)
		from due, notification_endpoints e
		where d.tenant_id = due.tenant_id and d.id = due.id and e.tenant_id = d.tenant_id and e.id = d.endpoint_id
		returning d.id, d.tenant_id, d.endpoint_id, d.attempts, d.payload, e.url, e.secret_encrypted, e.allow_local;
end
$$;
comment on function claim_notices(integer, integer) is 'Door. Leases notices that are due, of all tenants; one whose lease ran out is due again, under the same id.';

create function settle_notice(p_tenant_id uuid, p_notice_id uuid, p_attempt integer, p_result jsonb) returns text
language plpgsql
set search_path from current
as $$
declare
	v_outcome text := p_result ->> 'outcome';
	v_row notification_deliveries;
begin
	update notification_deliveries d set
			status = case v_outcome when 'retry' then 'pending' when 'delivered' then 'delivered' else 'dead' end,
			settled_at = case when v_outcome <> 'retry' then now() end,
			available_at = case v_outcome when 'retry' then now() + make_interval(secs => coalesce((p_result ->> 'delaySeconds')::double precision, 60)) end,
			last_status = (p_result ->> 'httpStatus')::integer, last_error = left(p_result ->> 'error', 200)
		where d.tenant_id = p_tenant_id and d.id = p_notice_id and d.attempts = p_attempt and d.status = 'sending'
		returning * into v_row;
	if not found then
		raise exception 'notice % is not leased by this attempt', p_notice_id using errcode = 'ZF002';
	end if;
	if v_outcome = 'gone' then
		perform disable_endpoint(p_tenant_id, v_row.endpoint_id, 'the receiver answered 410');
	elsif v_outcome = 'dead' then
		perform record_audit(p_tenant_id, 'notice.dead', 'notification_delivery', p_notice_id::text,
			jsonb_build_object('event', v_row.event_type, 'attempts', v_row.attempts, 'httpStatus', v_row.last_status, 'error', v_row.last_error));
	end if;
	return v_row.status;
end
$$;
comment on function settle_notice(uuid, uuid, integer, jsonb) is 'Writes down how a delivery ended: outcome delivered, retry {delaySeconds}, dead, or gone, which disables the endpoint.';

create function disable_endpoint(p_tenant_id uuid, p_endpoint_id uuid, p_reason text) returns boolean
language plpgsql
set search_path from current
as $$
begin
	update notification_endpoints e set disabled_at = now(), disabled_reason = p_reason
		where e.tenant_id = p_tenant_id and e.id = p_endpoint_id and e.disabled_at is null;
	if found then
		perform record_audit(p_tenant_id, 'notification_endpoint.disabled', 'notification_endpoint', p_endpoint_id::text, jsonb_build_object('reason', p_reason));
	end if;
	return found;
end
$$;
comment on function disable_endpoint(uuid, uuid, text) is 'Stops notices to an endpoint until a person enables it again; what waits for it stays.';

select secure_schema();
