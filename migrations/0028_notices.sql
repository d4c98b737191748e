-- breaking: no
-- Notices: trouble on a channel, endpoints that stop, secrets that rotate, replay, and e-mails to the people named in self_improving_settings.

alter table notification_endpoints
	alter column event_types set default '{lead.hot,plan.leads_limit,conversation.handoff,suggestion.created,suggestion.applied,suggestion.escalated,rollout.advanced,rollout.promoted,rollout.rolled_back,rollout.expired,breaker.opened,channel.trouble,endpoint.disabled}',
	drop constraint notification_endpoints_events_known,
	add constraint notification_endpoints_events_known check (event_types <@ array['lead.hot', 'plan.leads_limit', 'conversation.handoff',
		'suggestion.created', 'suggestion.applied', 'suggestion.escalated', 'rollout.advanced', 'rollout.promoted', 'rollout.rolled_back', 'rollout.expired', 'breaker.opened',
		'channel.trouble', 'endpoint.disabled']),
	add column previous_secret_encrypted text,
	add column previous_secret_until timestamptz,
	add constraint notification_endpoints_previous_secret_ends check ((previous_secret_encrypted is null) = (previous_secret_until is null));
comment on column notification_endpoints.previous_secret_until is 'Until then notices are signed with the secret before the last rotation too.';

create function are_mail_addresses(p_addresses text[]) returns boolean
language sql immutable
set search_path from current
as $$
	select coalesce(bool_and(length(a.address) <= 254 and a.address ~ '^[^[:space:][:cntrl:]@,;:<>()"\\]+@[^[:space:][:cntrl:]@,;:<>()"\\]+\.[^[:space:][:cntrl:]@,;:<>()"\\]+$'), true)
	from unnest(p_addresses) a (address)
$$;
comment on function are_mail_addresses(text[]) is 'Whether each is one plain address: nothing by which a mailer would read two of it, or a header.';
alter table self_improving_settings add constraint self_improving_settings_emails_plain check (are_mail_addresses(notification_emails));

alter table notification_deliveries
	alter column endpoint_id drop not null,
	add column email text,
	add column tries_before integer not null default 0,
	add constraint notification_deliveries_one_way_out check (num_nonnulls(endpoint_id, email) = 1);
comment on table notification_deliveries is 'The outbox of notices: once an endpoint or e-mail address, and event. attempts is the fencing token of who sends it. available_at is the time of the next try, or the end of the lease of who sends it. Ids, classes and scores; no text of the customer.';
comment on column notification_deliveries.tries_before is 'Attempts before the last replay: waits and the limit of tries count from there.';
create unique index notification_deliveries_once_an_address on notification_deliveries (tenant_id, email, event_type, event_key) where email is not null;
-- E-mails wait as long as nobody sends any: they must not stand before the webhooks.
drop index notification_deliveries_due;
create index notification_deliveries_due on notification_deliveries (available_at) where settled_at is null and email is null;
create index notification_deliveries_mail on notification_deliveries (available_at) where settled_at is null and email is not null;

create or replace view webhook_delivery_logs with (security_invoker = true) as
	select d.tenant_id, d.id, d.endpoint_id as webhook_id, d.event_type, d.event_key, d.status, d.attempts, d.last_status as response_status, d.last_error as error_message,
		d.settled_at as delivered_at, d.created_at
	from notification_deliveries d where d.endpoint_id is not null;
comment on view webhook_delivery_logs is 'notification_deliveries of endpoints by the name that others know it by.';

create function notification_addresses(p_tenant_id uuid) returns setof text
language sql stable
set search_path from current
as $$
	select distinct lower(a.address)
	from (select null::uuid as id union all select av.id from agent_versions av where av.tenant_id = p_tenant_id and av.is_active) v
	cross join lateral jsonb_array_elements_text(get_self_improving_config(p_tenant_id, v.id) #> '{notify,emails}') a (address)
$$;
comment on function notification_addresses(uuid) is 'Who hears of the loop by e-mail: whom the settings name that hold for the tenant and for its active agent versions.';

create or replace function notify_tenant(p_tenant_id uuid, p_event_type text, p_event_key text, p_data jsonb) returns integer
language sql
set search_path from current
as $$
	with notice as (
		select jsonb_build_object('type', p_event_type, 'timestamp', to_char(now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'data', p_data) as payload
	), hooks as (
		insert into notification_deliveries (tenant_id, endpoint_id, event_type, event_key, payload)
			select e.tenant_id, e.id, p_event_type, p_event_key, n.payload from notice n, notification_endpoints e
			where e.tenant_id = p_tenant_id and e.disabled_at is null and p_event_type = any (e.event_types)
			on conflict (tenant_id, endpoint_id, event_type, event_key) do nothing
			returning 1
	), mails as (
		insert into notification_deliveries (tenant_id, email, event_type, event_key, payload)
			select p_tenant_id, a.address, p_event_type, p_event_key, n.payload from notice n, notification_addresses(p_tenant_id) a (address)
			-- What happens many times a day is no e-mail.
			where p_event_type not in ('lead.hot', 'plan.leads_limit', 'conversation.handoff')
			on conflict (tenant_id, email, event_type, event_key) where email is not null do nothing
			returning 1
	)
	select ((select count(*) from hooks) + (select count(*) from mails))::integer
$$;
comment on function notify_tenant(uuid, text, text, jsonb) is 'Puts a notice into the outbox of each endpoint that wants it, and of each person named for e-mails, once an event; in the transaction of what happened.';

create or replace function notify_audit_event() returns trigger
language plpgsql
set search_path from current
as $$
begin
	perform notify_tenant(new.tenant_id, case new.event_type when 'channel_account.paused' then 'channel.trouble' when 'notification_endpoint.disabled' then 'endpoint.disabled'
			else new.event_type end, new.id::text,
		jsonb_build_object('tenantId', new.tenant_id, 'subjectType', new.subject_type, 'subjectId', new.subject_id) || new.details);
	return null;
end
$$;
comment on function notify_audit_event() is 'Trigger: events of the audit log that a tenant''s people act on are told of. Who pauses an account by hand knows.';
drop trigger notify_audit_event on audit_events;
create trigger notify_audit_event after insert on audit_events for each row
	when (new.tenant_id is not null and (new.event_type in ('plan.leads_limit', 'conversation.handoff', 'notification_endpoint.disabled')
		or (new.event_type = 'channel_account.paused' and new.actor = 'system'))) execute function notify_audit_event();

drop function claim_notices(integer, integer);
create function claim_notices(p_limit integer, p_lease_seconds integer)
returns table (id uuid, tenant_id uuid, endpoint_id uuid, attempts integer, tries integer, payload jsonb, url text, secret_encrypted text, previous_secret_encrypted text, allow_local boolean)
language plpgsql
security definer
set search_path from current
as $$
#variable_conflict use_column
begin
	-- What was settled a month ago goes, and e-mails that nobody sent for three days; some rows a claim: the table stays as small as its work.
	delete from notification_deliveries d where (d.tenant_id, d.id) in (
		select o.tenant_id, o.id from notification_deliveries o where o.settled_at < now() - interval '30 days' order by o.settled_at limit p_limit for update skip locked);
	delete from notification_deliveries d where (d.tenant_id, d.id) in (
		select o.tenant_id, o.id from notification_deliveries o
		where o.settled_at is null and o.email is not null and o.available_at <= now() and o.created_at < now() - interval '3 days'
		order by o.available_at limit p_limit for update skip locked);
	return query
	with due as (
		select d.tenant_id, d.id from notification_deliveries d
		join notification_endpoints e on e.tenant_id = d.tenant_id and e.id = d.endpoint_id
		where d.settled_at is null and d.email is null and d.available_at <= now() and e.disabled_at is null
		order by d.available_at limit p_limit for update of d skip locked
	)
	update notification_deliveries d set status = 'sending', attempts = d.attempts + 1, available_at = now() + make_interval(secs => p_lease_seconds)
		from due, notification_endpoints e
		where d.tenant_id = due.tenant_id and d.id = due.id and e.tenant_id = d.tenant_id and e.id = d.endpoint_id
		returning d.id, d.tenant_id, d.endpoint_id, d.attempts, d.attempts - d.tries_before, d.payload, e.url, e.secret_encrypted,
			case when e.previous_secret_until > now() then e.previous_secret_encrypted end, e.allow_local;
end
$$;
comment on function claim_notices(integer, integer) is 'Door. Leases notices that are due, of all tenants; one whose lease ran out is due again, under the same id.';

create function claim_mail_notices(p_limit integer, p_lease_seconds integer, p_max_attempts integer)
returns table (id uuid, tenant_id uuid, attempts integer, email text, payload jsonb, tenant_name text, language text)
language plpgsql
security definer
set search_path from current
as $$
#variable_conflict use_column
begin
	return query
	with due as (
		select d.tenant_id, d.id from notification_deliveries d
		where d.settled_at is null and d.email is not null and d.available_at <= now() and d.created_at >= now() - interval '3 days' and d.attempts < p_max_attempts
			-- Who is no longer named hears nothing more.
			and d.email in (select notification_addresses(d.tenant_id))
		order by d.available_at limit p_limit for update of d skip locked
	)
	update notification_deliveries d set status = 'sending', attempts = d.attempts + 1, available_at = now() + make_interval(secs => p_lease_seconds)
		from due join tenants t on t.id = due.tenant_id left join lead_settings s on s.tenant_id = t.id
		where d.tenant_id = due.tenant_id and d.id = due.id
		returning d.id, d.tenant_id, d.attempts, d.email, d.payload, t.name::text, coalesce(s.analysis_language, 'pt-BR');
end
$$;
comment on function claim_mail_notices(integer, integer, integer) is 'Door. Leases e-mails that are due, of all tenants, to people who are still named; none oftener than the limit of attempts, whatever becomes of who sends it.';

create or replace function settle_notice(p_tenant_id uuid, p_notice_id uuid, p_attempt integer, p_result jsonb) returns text
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
		-- One notice that a receiver cannot digest is not a receiver that is gone.
		if v_row.endpoint_id is not null and not exists (select 1 from notification_deliveries d where d.tenant_id = p_tenant_id and d.endpoint_id = v_row.endpoint_id
			and d.status = 'delivered' and d.settled_at >= now() - interval '1 day') then
			perform disable_endpoint(p_tenant_id, v_row.endpoint_id, 'a notice was given up and none had arrived for a day');
		end if;
	end if;
	return v_row.status;
end
$$;
comment on function settle_notice(uuid, uuid, integer, jsonb) is
	'Writes down how a delivery ended: outcome delivered, retry {delaySeconds}, dead, or gone. gone disables the endpoint, dead too where nothing else arrives there.';

create function replay_notices(p_tenant_id uuid, p_endpoint_id uuid, p_since timestamptz, p_limit integer)
returns table (replayed integer, until timestamptz)
language sql
set search_path from current
as $$
	with again as (
		select d.tenant_id, d.id from notification_deliveries d
		where d.tenant_id = p_tenant_id and d.endpoint_id = p_endpoint_id and d.settled_at is not null and d.created_at >= greatest(p_since, now() - interval '30 days')
		order by d.created_at limit p_limit for update
	), moved as (
		update notification_deliveries d set status = 'pending', settled_at = null, available_at = now(), tries_before = d.attempts
			from again where d.tenant_id = again.tenant_id and d.id = again.id returning d.created_at
	), counted as (
		select count(*)::integer as replayed, max(m.created_at) as until from moved m
	), told as (
		select record_audit(p_tenant_id, 'notices.replayed', 'notification_endpoint', p_endpoint_id::text, jsonb_build_object('notices', c.replayed, 'since', p_since))
		from counted c where c.replayed > 0
	)
	select c.replayed, c.until from counted c left join told on true
$$;
comment on function replay_notices(uuid, uuid, timestamptz, integer) is
	'Puts notices of an endpoint that were delivered or given up back into the outbox under their ids, the oldest first; until is the time of the newest of them.';

select secure_schema();
