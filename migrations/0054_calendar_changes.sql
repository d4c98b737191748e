-- breaking: no
-- What people change in a calendar themselves is seen soon: each calendar is asked now and then what changed in it.

alter table calendar_integrations add column sync_token text;
comment on column calendar_integrations.sync_token is 'Where Google goes on telling what changed; null: from the beginning.';

alter table calendar_events add column moved_by_people boolean not null default false;
comment on column calendar_events.moved_by_people is 'People put it where it stands, in the calendar itself: there two may begin at one time.';
drop index calendar_events_slot;
create unique index calendar_events_slot on calendar_events (tenant_id, integration_id, starts_at) where status in ('tentative', 'confirmed', 'unknown') and not moved_by_people;

do $$
declare
	v_source text := pg_get_functiondef('follow_appointment(uuid, uuid, timestamptz, timestamptz)'::regprocedure);
	v_was text := 'set starts_at = p_starts_at, ends_at = p_ends_at, reminder_status = null';
	v_told text := 'perform record_audit(p_tenant_id, ''appointment.moved_by_provider''';
begin
	if position(v_was in v_source) = 0 or position(v_told in v_source) = 0 then
		raise exception 'follow_appointment is not the function that this migration changes';
	end if;
	execute replace(replace(v_source, v_was, v_was || ', moved_by_people = true'), v_told,
		'perform track_event(p_tenant_id, ''appointment.rescheduled'', p_calendar_event_id || '':'' || extract(epoch from p_starts_at)::bigint,
		jsonb_build_object(''eventId'', p_calendar_event_id, ''startsAt'', p_starts_at, ''by'', ''provider''), e.lead_id, e.conversation_id)
		from calendar_events e where e.tenant_id = p_tenant_id and e.id = p_calendar_event_id;
	' || v_told);
end
$$;

create function upcoming_appointments(p_tenant_id uuid, p_calendar_integration_id uuid, p_provider_event_ids text[], p_limit integer) returns setof calendar_events
language sql stable
set search_path from current
as $$
	select e.* from calendar_events e
	where e.tenant_id = p_tenant_id and e.integration_id = p_calendar_integration_id and e.status = 'confirmed' and e.hold_token is null and e.starts_at > now()
		and (p_provider_event_ids is null or e.provider_event_id = any (p_provider_event_ids))
	order by e.starts_at limit p_limit
$$;
comment on function upcoming_appointments(uuid, uuid, text[], integer) is 'Booked appointments to come of a calendar, all or those of these ids, the next first: what people may have changed there.';

create function enqueue_calendar_syncs(p_every_seconds integer) returns integer
language sql
security definer
set search_path from current
as $$
	select count(enqueue_job(i.tenant_id, 'calendar.sync', i.id || ':' || floor(extract(epoch from now()) / p_every_seconds), jsonb_build_object('calendarId', i.id), null, 3))::integer
	from calendar_integrations i join tenants t on t.id = i.tenant_id
	where i.is_active and i.status = 'connected' and t.status in ('trial', 'active')
		and exists (select 1 from calendar_events e where e.tenant_id = i.tenant_id and e.integration_id = i.id and e.status = 'confirmed' and e.starts_at > now())
$$;
comment on function enqueue_calendar_syncs(integer) is
	'Door. Queues the question what people changed for every connected calendar with appointments to come; once a period, whoever asks.';

-- The answer to a reminder is no choice from a menu.
do $$
declare
	v_source text := pg_get_functiondef('routing_of(uuid, uuid)'::regprocedure);
	v_was text := 'if not found or (v_conversation.menu_asks = 0';
begin
	if position(v_was in v_source) = 0 then
		raise exception 'routing_of is not the function that this migration changes';
	end if;
	execute replace(v_source, v_was, 'if not found or coalesce((
			select m.payload ? ''reminderAnswer'' from messages m
			where m.tenant_id = p_tenant_id and m.conversation_id = p_conversation_id and m.direction = ''inbound'' order by m.id desc limit 1), false)
		or (v_conversation.menu_asks = 0');
end
$$;

select secure_schema();
