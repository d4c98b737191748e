-- breaking: no
-- Who stops the automation of a tenant with many conversations is told once, not once a conversation: the queue holds them all.

create function automation_stopped_since(p_tenant_id uuid) returns timestamptz
language sql stable
set search_path from current
as $$
	select greatest(t.automation_stopped_at, (select s.stopped_at from factory_switches s where s.name = 'automation')) from tenants t where t.id = p_tenant_id
$$;
comment on function automation_stopped_since(uuid) is 'Since when the tenant''s or everybody''s switch stops automation; null while it runs.';

create function handoff_notice_key(p_tenant_id uuid, p_handoff_id uuid, p_level integer) returns text
language sql stable
set search_path from current
as $$
	select coalesce(case when h.reason = 'automation_stopped' then 'stop:' || extract(epoch from automation_stopped_since(h.tenant_id))::bigint end, h.id::text) || ':' || p_level
	from handoffs h where h.tenant_id = p_tenant_id and h.id = p_handoff_id
$$;
comment on function handoff_notice_key(uuid, uuid, integer) is 'What makes a notice of a hand-over the same one: the hand-over and the level; of those that a thrown switch made, the switch and the level.';

do $$
declare
	v_change text[];
	v_source text;
begin
	foreach v_change slice 1 in array array[
		array['tell_handoff(uuid, uuid, integer, text)',
			'select p_tenant_id, t.email, p_event, p_handoff_id || '':'' || p_level, jsonb_build_object',
			'select p_tenant_id, t.email, p_event, handoff_notice_key(p_tenant_id, p_handoff_id, p_level), jsonb_build_object'],
		-- One notice for all of them opens the queue, not the first of them.
		array['tell_handoff(uuid, uuid, integer, text)',
			'''subject'', p_handoff_id,',
			'''subject'', case when t.reason = ''automation_stopped'' then ''queue'' else p_handoff_id::text end,'],
		array['tell_handoff(uuid, uuid, integer, text)',
			'''handoff.whatsapp'', p_handoff_id || '':'' || p_level || '':'' || t.user_id,',
			'''handoff.whatsapp'', handoff_notice_key(p_tenant_id, p_handoff_id, p_level) || '':'' || t.user_id,'],
		array['escalate_handoffs(integer)',
			'''handoff.overdue'', v_late.id || '':'' || v_late.escalation_level,',
			'''handoff.overdue'', handoff_notice_key(v_late.tenant_id, v_late.id, v_late.escalation_level),'],
		array['notify_audit_event()',
			'else new.event_type end, new.id::text,',
			'else new.event_type end,
		case when new.details ->> ''reason'' = ''automation_stopped'' and new.details ? ''handoffId'' then handoff_notice_key(new.tenant_id, (new.details ->> ''handoffId'')::uuid, 0)
			else new.id::text end,'],
		-- The bot that is stopped would only hand it over again.
		array['return_quiet_handoffs(integer)',
			'where h.returned_at is null and s.quiet_minutes is not null',
			'where h.returned_at is null and s.quiet_minutes is not null
			and not (h.reason = ''automation_stopped'' and automation_stopped_since(h.tenant_id) is not null)']
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
