-- breaking: no
-- Calendars that tenants connect, and the appointments made in them: a slot is held here before a provider is asked, so that two at once never get the same one.

create table calendar_integrations (
	tenant_id uuid not null references tenants (id) on delete cascade,
	id uuid not null default gen_random_uuid(),
	user_id uuid,
	agent_id uuid,
	provider varchar(20) not null default 'google' constraint calendar_integrations_provider_known check (provider in ('google', 'cal_com')),
	name text not null check (length(name) between 1 and 200),
	access_token text,
	refresh_token text,
	token_expires_at timestamptz,
	calendar_id varchar(255) not null,
	event_type_id bigint,
	base_url text,
	allow_local boolean not null default false,
	time_zone text not null,
	working_hours jsonb not null default '{"mon": [["09:00", "18:00"]], "tue": [["09:00", "18:00"]], "wed": [["09:00", "18:00"]], "thu": [["09:00", "18:00"]], "fri": [["09:00", "18:00"]]}'
		check (jsonb_typeof(working_hours) = 'object'),
	slot_minutes integer not null default 30 check (slot_minutes between 5 and 480),
	buffer_minutes integer not null default 0 check (buffer_minutes between 0 and 240),
	min_notice_minutes integer not null default 120 check (min_notice_minutes between 0 and 43200),
	max_days_ahead integer not null default 60 check (max_days_ahead between 1 and 365),
	reminder_minutes integer[] not null default '{1440,120}' check (cardinality(reminder_minutes) <= 5),
	reschedule_goes_to text not null default 'agent' constraint calendar_integrations_reschedule_known check (reschedule_goes_to in ('agent', 'person')),
	is_active boolean not null default true,
	status text not null default 'connected' constraint calendar_integrations_status_known check (status in ('connected', 'needs_reconnect', 'no_permission')),
	last_error text,
	last_sync_at timestamptz,
	created_at timestamptz not null default now(),
	updated_at timestamptz not null default now(),
	primary key (tenant_id, id),
	unique (tenant_id, provider, calendar_id),
	constraint calendar_integrations_cal_com_books_a_type check (provider <> 'cal_com' or event_type_id is not null),
	foreign key (tenant_id, user_id) references tenant_members (tenant_id, user_id) on delete set null (user_id),
	foreign key (tenant_id, agent_id) references agents (tenant_id, id)
);
comment on table calendar_integrations is
	'Calendars a tenant has connected: tokens sealed by the vault key, when people may book, when they are reminded. Of no agent: all of the tenant''s. Times without a zone are in time_zone.';
create trigger touch before update on calendar_integrations for each row execute function touch_updated_at();

create table calendar_events (
	tenant_id uuid not null,
	id uuid not null default gen_random_uuid(),
	integration_id uuid not null,
	contact_id uuid,
	lead_id uuid,
	conversation_id uuid,
	provider_event_id text,
	idempotency_key text not null check (length(idempotency_key) between 1 and 300),
	title text not null default '',
	starts_at timestamptz not null,
	ends_at timestamptz not null,
	time_zone text not null,
	status text not null default 'tentative' constraint calendar_events_status_known check (status in ('tentative', 'confirmed', 'cancelled', 'failed', 'unknown')),
	hold_token uuid,
	hold_expires_at timestamptz,
	pending_starts_at timestamptz,
	pending_ends_at timestamptz,
	last_change_key text,
	last_error text,
	booked_at timestamptz,
	cancelled_at timestamptz,
	cancelled_by text,
	confirmed_at timestamptz,
	reminder_status text constraint calendar_events_reminder_known check (reminder_status in ('sent', 'blocked', 'confirmed', 'needs_reschedule')),
	reminder_outbox_id uuid,
	reminder_sent_at timestamptz,
	answered_at timestamptz,
	answer_message_id bigint,
	created_at timestamptz not null default now(),
	updated_at timestamptz not null default now(),
	primary key (tenant_id, id),
	unique (tenant_id, idempotency_key),
	constraint calendar_events_ends_after_it_starts check (ends_at > starts_at and ends_at <= starts_at + interval '1 day'),
	constraint calendar_events_moves_whole check ((pending_starts_at is null) = (pending_ends_at is null)),
	foreign key (tenant_id, integration_id) references calendar_integrations (tenant_id, id) on delete cascade,
	foreign key (tenant_id, contact_id) references contacts (tenant_id, id) on delete set null (contact_id),
	foreign key (tenant_id, lead_id) references leads (tenant_id, id) on delete set null (lead_id),
	foreign key (tenant_id, conversation_id) references conversations (tenant_id, id) on delete set null (conversation_id)
);
comment on table calendar_events is
	'Appointments. tentative: held while the provider is asked; unknown: nobody knows whether it took it, until somebody looks. confirmed_at is the person''s own word. pending_*: where it is about to be moved.';
create unique index calendar_events_slot on calendar_events (tenant_id, integration_id, starts_at) where status in ('tentative', 'confirmed', 'unknown');
create unique index calendar_events_provider on calendar_events (tenant_id, integration_id, provider_event_id) where provider_event_id is not null;
create index calendar_events_conversation on calendar_events (tenant_id, conversation_id, starts_at desc) where conversation_id is not null;
create index calendar_events_contact on calendar_events (tenant_id, contact_id, starts_at desc) where contact_id is not null;
create index calendar_events_lead on calendar_events (tenant_id, lead_id) where lead_id is not null;
create index calendar_events_recent on calendar_events (tenant_id, starts_at desc);
create index calendar_events_moving on calendar_events (tenant_id, integration_id) where pending_starts_at is not null;
create trigger touch before update on calendar_events for each row execute function touch_updated_at();

create function slot_taken_by(p_tenant_id uuid, p_calendar_integration_id uuid, p_starts_at timestamptz, p_ends_at timestamptz, p_buffer_minutes integer, p_except_id uuid) returns calendar_events
language sql stable
set search_path from current
as $$
	-- No appointment is longer than a day: what begins before that cannot reach in.
	select e.* from calendar_events e
	where e.tenant_id = p_tenant_id and e.integration_id = p_calendar_integration_id and e.id is distinct from p_except_id and e.status in ('tentative', 'confirmed', 'unknown')
		and ((e.starts_at > p_starts_at - make_interval(days => 1, mins => p_buffer_minutes) and e.starts_at < p_ends_at + make_interval(mins => p_buffer_minutes)
				and e.ends_at > p_starts_at - make_interval(mins => p_buffer_minutes))
			or (e.pending_starts_at < p_ends_at + make_interval(mins => p_buffer_minutes) and e.pending_ends_at > p_starts_at - make_interval(mins => p_buffer_minutes)))
	order by e.starts_at limit 1
$$;
comment on function slot_taken_by(uuid, uuid, timestamptz, timestamptz, integer, uuid) is 'The appointment, or the move of one, that stands in the way of a time; no row: it is free here.';

create function open_calendar(p_tenant_id uuid, p_calendar_integration_id uuid) returns calendar_integrations
language plpgsql
set search_path from current
as $$
declare
	v_calendar calendar_integrations;
begin
	-- Who holds slots of a calendar does so one after the other.
	select * into v_calendar from calendar_integrations i where i.tenant_id = p_tenant_id and i.id = p_calendar_integration_id for update;
	if not found then
		raise exception 'calendar % does not exist', p_calendar_integration_id using errcode = 'ZF004';
	elsif not v_calendar.is_active then
		raise exception 'calendar % is switched off', p_calendar_integration_id using errcode = 'ZF005';
	end if;
	return v_calendar;
end
$$;
comment on function open_calendar(uuid, uuid) is 'The calendar, locked until the transaction ends: slots of it are held one after the other.';

create function hold_slot(p_tenant_id uuid, p_calendar_integration_id uuid, p_key text, p_starts_at timestamptz, p_ends_at timestamptz, p_slot jsonb) returns jsonb
language plpgsql
set search_path from current
as $$
declare
	v_calendar calendar_integrations := open_calendar(p_tenant_id, p_calendar_integration_id);
	v_event calendar_events;
	v_taken calendar_events;
	v_token uuid := gen_random_uuid();
	v_until timestamptz := now() + make_interval(secs => (p_slot ->> 'holdSeconds')::double precision);
	v_contact uuid;
begin
	select * into v_event from calendar_events e where e.tenant_id = p_tenant_id and e.idempotency_key = p_key for update;
	if v_event.integration_id <> p_calendar_integration_id then
		raise exception 'the key of this booking belongs to another calendar' using errcode = 'ZF005';
	elsif v_event.status in ('confirmed', 'cancelled') then
		return jsonb_build_object('outcome', 'known', 'event', to_jsonb(v_event));
	elsif v_event.status = 'unknown' or (v_event.status = 'tentative' and v_event.hold_expires_at <= now()) then
		return jsonb_build_object('outcome', 'unsettled', 'event', to_jsonb(v_event));
	elsif v_event.status = 'tentative' then
		return jsonb_build_object('outcome', 'in_work', 'event', to_jsonb(v_event));
	end if;
	if p_starts_at <= now() then
		raise exception 'an appointment cannot begin in the past' using errcode = 'ZF005';
	end if;
	v_taken := slot_taken_by(p_tenant_id, p_calendar_integration_id, p_starts_at, p_ends_at, v_calendar.buffer_minutes, null);
	if v_taken.id is not null then
		return jsonb_build_object('outcome', 'taken', 'event', to_jsonb(v_taken),
			'unsettled', v_taken.status = 'unknown' or (v_taken.hold_token is not null and v_taken.hold_expires_at <= now()));
	end if;
	select c.contact_id into v_contact from conversations c where c.tenant_id = p_tenant_id and c.id = (p_slot ->> 'conversationId')::uuid;
	v_contact := coalesce(v_contact, (p_slot ->> 'contactId')::uuid);
	insert into calendar_events as e (tenant_id, integration_id, contact_id, lead_id, conversation_id, idempotency_key, title, starts_at, ends_at, time_zone, hold_token, hold_expires_at)
		values (p_tenant_id, p_calendar_integration_id, v_contact, (select l.id from leads l where l.tenant_id = p_tenant_id and l.contact_id = v_contact),
			(p_slot ->> 'conversationId')::uuid, p_key, coalesce(p_slot ->> 'title', ''), p_starts_at, p_ends_at, coalesce(p_slot ->> 'timeZone', v_calendar.time_zone), v_token, v_until)
		on conflict (tenant_id, idempotency_key) do update set status = 'tentative', starts_at = excluded.starts_at, ends_at = excluded.ends_at, title = excluded.title,
			time_zone = excluded.time_zone, hold_token = excluded.hold_token, hold_expires_at = excluded.hold_expires_at, last_error = null
		returning * into v_event;
	-- Whoever dies now leaves somebody who looks.
	perform enqueue_job(p_tenant_id, 'calendar.reconcile', v_event.id || ':' || v_token, jsonb_build_object('eventId', v_event.id), v_until + interval '15 seconds');
	return jsonb_build_object('outcome', 'held', 'event', to_jsonb(v_event));
end
$$;
comment on function hold_slot(uuid, uuid, text, timestamptz, timestamptz, jsonb) is
	'Holds a time before the provider is asked. slot: {holdSeconds, title, timeZone, contactId, conversationId}. outcome: held, known (this key is booked or cancelled), in_work, unsettled (look it up first), taken.';

create function hold_move(p_tenant_id uuid, p_calendar_event_id uuid, p_key text, p_starts_at timestamptz, p_ends_at timestamptz, p_hold_seconds integer) returns jsonb
language plpgsql
set search_path from current
as $$
declare
	v_calendar calendar_integrations;
	v_event calendar_events;
	v_taken calendar_events;
	v_token uuid := gen_random_uuid();
begin
	v_calendar := open_calendar(p_tenant_id, e.integration_id) from calendar_events e where e.tenant_id = p_tenant_id and e.id = p_calendar_event_id;
	select * into v_event from calendar_events e where e.tenant_id = p_tenant_id and e.id = p_calendar_event_id for update;
	if not found then
		raise exception 'appointment % does not exist', p_calendar_event_id using errcode = 'ZF004';
	elsif v_event.status = 'confirmed' and v_event.hold_token is null and v_event.starts_at = p_starts_at and v_event.ends_at = p_ends_at then
		return jsonb_build_object('outcome', 'known', 'event', to_jsonb(v_event));
	elsif v_event.hold_token is not null and v_event.hold_expires_at > now() then
		return jsonb_build_object('outcome', 'in_work', 'event', to_jsonb(v_event));
	elsif v_event.hold_token is not null or v_event.status = 'unknown' then
		return jsonb_build_object('outcome', 'unsettled', 'event', to_jsonb(v_event));
	elsif v_event.status <> 'confirmed' then
		raise exception 'appointment % is %: only a booked one can be moved', p_calendar_event_id, v_event.status using errcode = 'ZF005';
	elsif p_starts_at <= now() then
		raise exception 'an appointment cannot begin in the past' using errcode = 'ZF005';
	end if;
	v_taken := slot_taken_by(p_tenant_id, v_event.integration_id, p_starts_at, p_ends_at, v_calendar.buffer_minutes, p_calendar_event_id);
	if v_taken.id is not null then
		return jsonb_build_object('outcome', 'taken', 'event', to_jsonb(v_taken),
			'unsettled', v_taken.status = 'unknown' or (v_taken.hold_token is not null and v_taken.hold_expires_at <= now()));
	end if;
	update calendar_events e set pending_starts_at = p_starts_at, pending_ends_at = p_ends_at, hold_token = v_token, last_change_key = p_key,
			hold_expires_at = now() + make_interval(secs => p_hold_seconds)
		where e.tenant_id = p_tenant_id and e.id = p_calendar_event_id returning * into v_event;
	perform enqueue_job(p_tenant_id, 'calendar.reconcile', v_event.id || ':' || v_token, jsonb_build_object('eventId', v_event.id), v_event.hold_expires_at + interval '15 seconds');
	return jsonb_build_object('outcome', 'held', 'event', to_jsonb(v_event));
end
$$;
comment on function hold_move(uuid, uuid, text, timestamptz, timestamptz, integer) is 'Holds the new time of an appointment beside its present one. Outcomes as of hold_slot; known: it stands there already.';

create function take_unsettled(p_tenant_id uuid, p_calendar_event_id uuid, p_hold_seconds integer) returns jsonb
language plpgsql
set search_path from current
as $$
declare
	v_event calendar_events;
begin
	update calendar_events e set hold_token = gen_random_uuid(), hold_expires_at = now() + make_interval(secs => p_hold_seconds)
		where e.tenant_id = p_tenant_id and e.id = p_calendar_event_id
			and ((e.status = 'unknown' and (e.hold_token is null or e.hold_expires_at <= now())) or (e.hold_token is not null and e.hold_expires_at <= now()))
		returning * into v_event;
	return case when found then to_jsonb(v_event) end;
end
$$;
comment on function take_unsettled(uuid, uuid, integer) is 'Takes an appointment whose booking or move ended in the dark, to look it up at the provider; null: it is settled, or somebody is at it.';

create function settle_slot(p_tenant_id uuid, p_calendar_event_id uuid, p_hold_token uuid, p_answer jsonb) returns jsonb
language plpgsql
set search_path from current
as $$
declare
	v_event calendar_events;
	v_kind text := p_answer ->> 'outcome';
	v_moves boolean;
	v_remind integer;
begin
	select * into v_event from calendar_events e where e.tenant_id = p_tenant_id and e.id = p_calendar_event_id for update;
	if not found then
		raise exception 'appointment % does not exist', p_calendar_event_id using errcode = 'ZF004';
	elsif v_event.hold_token is distinct from p_hold_token then
		raise exception 'appointment % is no longer held by this worker', p_calendar_event_id using errcode = 'ZF002';
	end if;
	v_moves := v_event.pending_starts_at is not null;
	if v_kind = 'confirmed' then
		update calendar_events e set status = 'confirmed', hold_token = null, hold_expires_at = null, last_error = null, booked_at = coalesce(e.booked_at, now()),
				provider_event_id = coalesce(p_answer ->> 'providerEventId', e.provider_event_id),
				starts_at = coalesce(e.pending_starts_at, e.starts_at), ends_at = coalesce(e.pending_ends_at, e.ends_at), pending_starts_at = null, pending_ends_at = null,
				confirmed_at = case when v_moves then null else e.confirmed_at end, reminder_status = case when v_moves then null else e.reminder_status end,
				answered_at = case when v_moves then null else e.answered_at end, answer_message_id = case when v_moves then null else e.answer_message_id end
			where e.tenant_id = p_tenant_id and e.id = p_calendar_event_id returning * into v_event;
		-- One reminder a time: the earliest that still lies ahead.
		select max(m) into v_remind from calendar_integrations i, unnest(i.reminder_minutes) m
			where i.tenant_id = p_tenant_id and i.id = v_event.integration_id and v_event.starts_at - make_interval(mins => m) > now();
		if v_remind is not null then
			perform enqueue_job(p_tenant_id, 'calendar.remind', v_event.id || ':' || extract(epoch from v_event.starts_at)::bigint,
				jsonb_build_object('eventId', v_event.id, 'startsAt', v_event.starts_at), v_event.starts_at - make_interval(mins => v_remind));
		end if;
		perform record_audit(p_tenant_id, case when v_moves then 'appointment.rescheduled' else 'appointment.booked' end, 'calendar_event', p_calendar_event_id::text,
			jsonb_build_object('integrationId', v_event.integration_id, 'conversationId', v_event.conversation_id));
		perform track_event(p_tenant_id, case when v_moves then 'appointment.rescheduled' else 'appointment.booked' end, p_calendar_event_id || case when v_moves then ':' || p_hold_token else '' end,
			jsonb_build_object('eventId', p_calendar_event_id, 'startsAt', v_event.starts_at), v_event.lead_id, v_event.conversation_id);
	elsif v_kind in ('failed', 'unknown') then
		-- What happened to a move leaves the appointment where it was; in the dark both times stay held.
		update calendar_events e set status = case when v_moves then e.status else v_kind end, last_error = left(p_answer ->> 'error', 500),
				hold_token = case when v_kind = 'failed' or not v_moves then null else e.hold_token end,
				hold_expires_at = case when v_kind = 'failed' or not v_moves then null else now() end,
				pending_starts_at = case when v_kind = 'unknown' then e.pending_starts_at end, pending_ends_at = case when v_kind = 'unknown' then e.pending_ends_at end
			where e.tenant_id = p_tenant_id and e.id = p_calendar_event_id returning * into v_event;
		perform record_audit(p_tenant_id, 'appointment.' || v_kind, 'calendar_event', p_calendar_event_id::text, jsonb_build_object('integrationId', v_event.integration_id, 'code', p_answer ->> 'code'));
	else
		raise exception 'unknown outcome % for appointment %', v_kind, p_calendar_event_id using errcode = 'ZF005';
	end if;
	return to_jsonb(v_event);
end
$$;
comment on function settle_slot(uuid, uuid, uuid, jsonb) is
	'Writes down what the provider said of a held booking or move: confirmed {providerEventId}, failed or unknown {error, code}. ZF002 when the hold was lost.';

create function cancel_appointment(p_tenant_id uuid, p_calendar_event_id uuid, p_by text) returns jsonb
language plpgsql
set search_path from current
as $$
declare
	v_event calendar_events;
begin
	update calendar_events e set status = 'cancelled', cancelled_at = now(), cancelled_by = p_by, hold_token = null, hold_expires_at = null, pending_starts_at = null, pending_ends_at = null
		where e.tenant_id = p_tenant_id and e.id = p_calendar_event_id and e.status <> 'cancelled' returning * into v_event;
	if found then
		perform record_audit(p_tenant_id, 'appointment.cancelled', 'calendar_event', p_calendar_event_id::text, jsonb_build_object('integrationId', v_event.integration_id, 'by', p_by));
		perform track_event(p_tenant_id, 'appointment.cancelled', p_calendar_event_id::text, jsonb_build_object('eventId', p_calendar_event_id, 'by', p_by), v_event.lead_id, v_event.conversation_id);
	else
		select * into v_event from calendar_events e where e.tenant_id = p_tenant_id and e.id = p_calendar_event_id;
		if not found then
			raise exception 'appointment % does not exist', p_calendar_event_id using errcode = 'ZF004';
		end if;
	end if;
	return to_jsonb(v_event);
end
$$;
comment on function cancel_appointment(uuid, uuid, text) is 'Marks an appointment that the provider no longer has, and frees its time. by: customer, person, provider.';

create function mark_calendar(p_tenant_id uuid, p_calendar_integration_id uuid, p_connection_status text, p_error text) returns void
language plpgsql
set search_path from current
as $$
begin
	update calendar_integrations i set status = p_connection_status, last_error = left(p_error, 500)
		where i.tenant_id = p_tenant_id and i.id = p_calendar_integration_id and i.status is distinct from p_connection_status;
	if found and p_connection_status <> 'connected' then
		perform record_audit(p_tenant_id, 'calendar.trouble', 'calendar_integration', p_calendar_integration_id::text, jsonb_build_object('status', p_connection_status));
		perform notify_tenant(p_tenant_id, 'channel.trouble', 'calendar ' || p_calendar_integration_id || ' ' || extract(epoch from now())::bigint,
			jsonb_build_object('tenantId', p_tenant_id, 'subjectType', 'calendar_integration', 'subjectId', p_calendar_integration_id, 'status', p_connection_status));
	end if;
end
$$;
comment on function mark_calendar(uuid, uuid, text, text) is 'How a connection stands: connected, needs_reconnect (its token was revoked), no_permission. The tenant is told once when it breaks.';

create table connect_leases (
	tenant_id uuid not null references tenants (id) on delete cascade,
	subject text not null check (length(subject) between 1 and 200),
	token uuid not null,
	locked_until timestamptz not null,
	primary key (tenant_id, subject)
);
comment on table connect_leases is 'Who is renewing the token of a connection right now: of two at once one asks the service, the other waits for what it got.';

create function take_connect_lease(p_tenant_id uuid, p_subject text, p_seconds integer) returns uuid
language sql
set search_path from current
as $$
	insert into connect_leases as l (tenant_id, subject, token, locked_until)
		values (p_tenant_id, p_subject, gen_random_uuid(), now() + make_interval(secs => p_seconds))
		on conflict (tenant_id, subject) do update set token = excluded.token, locked_until = excluded.locked_until where l.locked_until <= now()
		returning token
$$;
comment on function take_connect_lease(uuid, text, integer) is 'A fencing token for whoever may renew the token of this connection; null while somebody else does.';

create function end_connect_lease(p_tenant_id uuid, p_subject text, p_connect_token uuid) returns boolean
language sql
set search_path from current
as $$
	with ended as (
		update connect_leases l set locked_until = now() where l.tenant_id = p_tenant_id and l.subject = p_subject and l.token = p_connect_token returning 1
	)
	select exists (select 1 from ended)
$$;
comment on function end_connect_lease(uuid, text, uuid) is 'Lets the next one renew; false when the lease was somebody else''s by now.';

select secure_schema();
