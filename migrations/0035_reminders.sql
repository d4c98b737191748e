-- breaking: no
-- Reminders of appointments: each sent once, its answer read where the message is filed; appointments follow their person when two turn out to be one.

create index calendar_events_reminded on calendar_events (tenant_id, conversation_id, reminder_sent_at desc) where reminder_status = 'sent';

create function note_reminder(p_tenant_id uuid, p_calendar_event_id uuid, p_booked_for timestamptz, p_reminder_status text, p_outbox_id uuid) returns boolean
language plpgsql
set search_path from current
as $$
declare
	v_event calendar_events;
begin
	update calendar_events e set reminder_status = p_reminder_status, reminder_outbox_id = p_outbox_id, reminder_sent_at = case when p_reminder_status = 'sent' then now() end
		where e.tenant_id = p_tenant_id and e.id = p_calendar_event_id and e.status = 'confirmed' and e.starts_at = p_booked_for and e.reminder_status is null
		returning * into v_event;
	if found then
		perform record_audit(p_tenant_id, 'reminder.' || p_reminder_status, 'calendar_event', p_calendar_event_id::text, jsonb_build_object('outboxId', p_outbox_id, 'conversationId', v_event.conversation_id));
		if p_reminder_status = 'sent' then
			perform track_event(p_tenant_id, 'reminder.sent', p_calendar_event_id || ':' || extract(epoch from p_booked_for)::bigint, jsonb_build_object('eventId', p_calendar_event_id),
				v_event.lead_id, v_event.conversation_id);
		end if;
		return true;
	end if;
	return false;
end
$$;
comment on function note_reminder(uuid, uuid, timestamptz, text, uuid) is
	'Writes down that an appointment was reminded of (sent), or that nothing may be sent (blocked), once a time it stands at. False: done before, moved or cancelled.';

create function follow_appointment(p_tenant_id uuid, p_calendar_event_id uuid, p_starts_at timestamptz, p_ends_at timestamptz) returns boolean
language plpgsql
set search_path from current
as $$
declare
	v_remind integer;
begin
	update calendar_events e set starts_at = p_starts_at, ends_at = p_ends_at, reminder_status = null, confirmed_at = null, answered_at = null, answer_message_id = null
		where e.tenant_id = p_tenant_id and e.id = p_calendar_event_id and e.status = 'confirmed' and e.hold_token is null and e.starts_at <> p_starts_at;
	if not found then
		return false;
	end if;
	select max(m) into v_remind from calendar_events e join calendar_integrations i on i.tenant_id = e.tenant_id and i.id = e.integration_id, unnest(i.reminder_minutes) m
		where e.tenant_id = p_tenant_id and e.id = p_calendar_event_id and p_starts_at - make_interval(mins => m) > now();
	if v_remind is not null then
		perform enqueue_job(p_tenant_id, 'calendar.remind', p_calendar_event_id || ':' || extract(epoch from p_starts_at)::bigint,
			jsonb_build_object('eventId', p_calendar_event_id, 'startsAt', p_starts_at), p_starts_at - make_interval(mins => v_remind));
	end if;
	perform record_audit(p_tenant_id, 'appointment.moved_by_provider', 'calendar_event', p_calendar_event_id::text, '{}');
	return true;
end
$$;
comment on function follow_appointment(uuid, uuid, timestamptz, timestamptz) is 'Takes over the time to which people moved an appointment in the calendar itself; it is reminded of anew.';

create function reminder_answer(p_answer_text text) returns text
language sql immutable
set search_path from current
as $$
	select case
		when t.word in ('1', 'sim', 'confirmo', 'confirmar', 'confirmado', 'yes', 'confirm') then 'confirmed'
		when t.word in ('2', 'remarcar', 'reagendar', 'quero remarcar', 'cancelar', 'reschedule', 'cancel') then 'needs_reschedule' end
	from (select regexp_replace(lower(p_answer_text), '^[[:space:]]+|[[:space:].!)*]+$', '', 'g') as word) t
$$;
comment on function reminder_answer(text) is 'What a whole message says to a reminder: 1 or a yes confirms, 2 or the wish to move does not; null for any other text.';

create function read_reminder_answer() returns trigger
language plpgsql
set search_path from current
as $$
declare
	v_answer text := reminder_answer(new.body);
	v_event calendar_events;
begin
	if v_answer is null then
		return null;
	end if;
	-- An answer is to what was said last: a "1" after a menu or a question of the agent is theirs.
	select e.* into v_event from (
		select m.outbox_id from messages m
		where m.tenant_id = new.tenant_id and m.conversation_id = new.conversation_id and m.direction = 'outbound' and m.id < new.id
			and m.status not in ('failed', 'blocked', 'superseded')
		order by m.id desc limit 1
	) last
	join calendar_events e on e.tenant_id = new.tenant_id and e.conversation_id = new.conversation_id and e.reminder_outbox_id = last.outbox_id
		and e.reminder_status = 'sent' and e.status = 'confirmed' and e.starts_at > now()
	for update of e;
	if not found then
		return null;
	end if;
	update calendar_events e set reminder_status = v_answer, answered_at = now(), answer_message_id = new.id,
			confirmed_at = case when v_answer = 'confirmed' then now() else e.confirmed_at end
		where e.tenant_id = v_event.tenant_id and e.id = v_event.id;
	-- Whoever reads the message next need not guess what the digit was for.
	update messages m set payload = m.payload || jsonb_build_object('reminderAnswer', v_answer, 'calendarEventId', v_event.id)
		where m.tenant_id = new.tenant_id and m.id = new.id;
	perform record_audit(new.tenant_id, 'reminder.answered', 'calendar_event', v_event.id::text, jsonb_build_object('answer', v_answer, 'messageId', new.id));
	perform track_event(new.tenant_id, case v_answer when 'confirmed' then 'appointment.confirmed' else 'appointment.reschedule_asked' end,
		v_event.id || ':' || extract(epoch from v_event.starts_at)::bigint, jsonb_build_object('eventId', v_event.id), v_event.lead_id, v_event.conversation_id);
	if v_answer = 'needs_reschedule' and exists (
		select 1 from calendar_integrations i where i.tenant_id = new.tenant_id and i.id = v_event.integration_id and i.reschedule_goes_to = 'person'
	) then
		perform take_over(new.tenant_id, new.conversation_id, 'reschedule');
	end if;
	return null;
end
$$;
comment on function read_reminder_answer() is
	'Trigger: an inbound message that is nothing but an answer, to a reminder that was the last thing said, settles that reminder once; a wish to move goes to the agent or a person, as the calendar says.';
create trigger read_reminder_answer after insert on messages for each row
	when (new.direction = 'inbound' and length(new.body) between 1 and 20) execute function read_reminder_answer();

-- Three functions change by a line each; a text that is not there any more stops this migration.
do $$
declare
	v_change text[];
	v_source text;
begin
	foreach v_change slice 1 in array array[
		array['merge_contacts(uuid, uuid, uuid)',
			'update contact_identities set contact_id = p_keep where tenant_id = p_tenant_id and contact_id = p_merge;',
			'update contact_identities set contact_id = p_keep where tenant_id = p_tenant_id and contact_id = p_merge;
	update calendar_events set contact_id = p_keep where tenant_id = p_tenant_id and contact_id = p_merge;'],
		array['merge_conversations(uuid, uuid, uuid)',
			'update turns set conversation_id = p_keep where tenant_id = p_tenant_id and conversation_id = p_merge;',
			'update turns set conversation_id = p_keep where tenant_id = p_tenant_id and conversation_id = p_merge;
	update calendar_events set conversation_id = p_keep where tenant_id = p_tenant_id and conversation_id = p_merge;'],
		array['merge_leads()',
			'update classified_leads c set lead_id = k.id',
			'update calendar_events e set lead_id = k.id
			from leads k, leads m
			where k.tenant_id = new.tenant_id and k.contact_id = new.merged_into_id and m.tenant_id = new.tenant_id and m.contact_id = new.id
				and e.tenant_id = new.tenant_id and e.lead_id = m.id;
		update classified_leads c set lead_id = k.id']
	] loop
		v_source := pg_get_functiondef(v_change[1]::regprocedure);
		if position(v_change[2] in v_source) = 0 then
			raise exception '% is not the function that this migration changes', v_change[1];
		end if;
		execute replace(v_source, v_change[2], v_change[3]);
	end loop;
end
$$;

select secure_schema();
